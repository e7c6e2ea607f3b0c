import type { ReactNode } from 'react';
import { useId } from 'react';
import { Link } from 'wouter';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';
import { Sign, type Status } from './sign';

interface Query<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

export interface Told {
  status: Status;
  /** In a few words how it is. */
  short: string;
  /** What is broken, the worst first. */
  lines: readonly ReactNode[];
}

interface Properties<T> {
  title: string;
  /** Where it is mended, and what that is called. */
  page: string;
  go: string;
  query: Query<T>;
  tell: (data: T) => Told;
}

const TEXTS: Texts<(count: number) => string> = {
  ru: (count) => `и ещё ${count}`,
  en: (count) => `and ${count} more`,
};

/** So many lines stand on a tile; the rest is on its page. */
const LINES = 4;

/** One part of the overview: how it is, what is broken, and the way there. */
export function Tile<T>({ title, page, go, query, tell }: Properties<T>) {
  const id = useId();
  const view = useViewSearch();
  const more = useTexts(TEXTS);
  const told = query.data === undefined ? null : tell(query.data);
  return (
    <li className={`card tile ${told?.status ?? ''}`} aria-labelledby={id} data-tile={page}>
      <h2 id={id}>{title}</h2>
      {query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : !told && <Waiting lines={2} />}
      {told && (
        <>
          <p><Sign status={told.status}>{told.short}</Sign></p>
          {told.lines.length > 0 && (
            <ul className="lines">
              {told.lines.slice(0, LINES).map((line, index) => <li key={index}>{line}</li>)}
              {told.lines.length > LINES && <li className="quiet">{more(told.lines.length - LINES)}</li>}
            </ul>
          )}
        </>
      )}
      <p className="tile-go"><Link href={page.includes('?') ? page : `${page}${view}`}>{go} →</Link></p>
    </li>
  );
}
