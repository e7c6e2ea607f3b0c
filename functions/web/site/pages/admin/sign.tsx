// How something stands, by a sign and words, and what the API says of it in its own words.

import type { ReactNode } from 'react';
import { useTexts, type Texts } from '~/view/language';

export type Status = 'ok' | 'warning' | 'error' | 'unknown';

const TEXTS: Texts<Record<Status, string>> = {
  ru: { ok: 'В порядке', warning: 'Обратите внимание', error: 'Не работает', unknown: 'Неизвестно' },
  en: { ok: 'All right', warning: 'Needs a look', error: 'Does not work', unknown: 'Not known' },
};

const SIGNS: Record<Status, string> = { ok: '✓', warning: '▲', error: '✕', unknown: '?' };
const MOODS: Record<Status, string> = { ok: 'good', warning: 'warn', error: 'bad', unknown: '' };

/** The worst first. */
export const BY_WEIGHT: readonly Status[] = ['error', 'warning', 'unknown', 'ok'];

export function Sign({ status, children }: { status: Status; children?: ReactNode }) {
  const texts = useTexts(TEXTS);
  return (
    <span className={`badge ${MOODS[status]}`} data-status={status}>
      <span aria-hidden="true">{SIGNS[status]} </span>{children ?? texts[status]}
    </span>
  );
}

/** The API writes for people in English; a screen reader is told so. */
export function Said({ children }: { children: ReactNode }) {
  return <span lang="en">{children}</span>;
}
