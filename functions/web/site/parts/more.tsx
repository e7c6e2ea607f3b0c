import { useTexts, type Texts } from '~/view/language';
import { Failed } from './failed';

interface Words {
  more: string;
  wait: string;
  what: string;
}

const TEXTS: Texts<Words> = {
  ru: { more: 'Показать ещё', wait: 'Загружается…', what: 'Следующие строки' },
  en: { more: 'Show more', wait: 'Loading…', what: 'The next rows' },
};

interface Properties {
  /** A list by cursor, as `useInfiniteQuery` tells of it. */
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => unknown;
  };
}

/** Brings the next rows of a list; what is there stays whatever comes of it. */
export function More({ list }: Properties) {
  const texts = useTexts(TEXTS);
  if (list.isFetchNextPageError) return <Failed what={texts.what} error={list.error} again={() => void list.fetchNextPage()} />;
  if (!list.hasNextPage) return null;
  return (
    <div className="more-rows">
      <button type="button" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {list.isFetchingNextPage ? texts.wait : texts.more}
      </button>
    </div>
  );
}
