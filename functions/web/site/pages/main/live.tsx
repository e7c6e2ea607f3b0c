import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';

interface Words {
  live: string;
  stopped: string;
  at: string;
}

const TEXTS: Texts<Words> = {
  ru: { live: 'Обновляется само', stopped: 'Не обновляется, цифры на', at: 'Цифры на' },
  en: { live: 'Updates by itself', stopped: 'Not updating, figures of', at: 'Figures of' },
};

interface Properties {
  /** When figures last came, in milliseconds; 0 is never. */
  at: number;
  hasFailed: boolean;
}

/** A dot that blinks when figures came by themselves. Its words change only when they stop coming, so a screen reader says no more than that. */
export function Live({ at, hasFailed }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const when = at ? formats.clock(new Date(at).toISOString()) : '';
  return (
    <span className={`live ${hasFailed ? 'stopped' : ''}`} title={when && `${texts.at} ${when}`}>
      <i key={at} aria-hidden="true" />
      <span role="status">{hasFailed ? `${texts.stopped} ${when}` : texts.live}</span>
    </span>
  );
}
