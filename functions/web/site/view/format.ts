// Numbers, amounts and times as people in Kazakhstan read them: `490 000 ₸`, `12,3 %`, `20 ноя`.

import { useMemo } from 'react';
import type { Schemas } from '~/api/client';
import { plural, useLanguage, type Language } from './language';

const ZONE = 'Asia/Almaty';
/** What is not known, or has no denominator. */
export const NOTHING = '—';

const LOCALES: Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Maybe<T> = T | null | undefined;

function formats(language: Language) {
  const locale = LOCALES[language];
  // English separates thousands with a comma; here they are read apart by a narrow space, in both languages.
  const spaced = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const dated = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, {
    day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: ZONE,
  });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: ZONE });
  const known = <T>(write: (value: T) => string) => (value: Maybe<T>) =>
    value === null || value === undefined ? NOTHING : write(value);
  const number = known((value: number) => spaced.format(value));
  // Months in three letters: the locale's own short ones are `нояб.`, `сент.` and `Sept`.
  const bare = (text: string) => text.replace('.', '').replace(/\p{L}{4,}/u, (month) => month.slice(0, 3));
  return {
    number,
    tenge: known((amount: number) => `${spaced.format(amount)} ₸`),
    /** For an axis: `1,2 млн`. */
    short: (value: number) => short.format(value),
    /** An amount is in the smallest unit of its currency; of tenge there is none smaller. */
    money: known(({ amount, currency }: { amount: number; currency: string }) => {
      if (currency === 'KZT') return `${spaced.format(amount)} ₸`;
      const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
      return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
    }),
    percent: known((share: number) => `${tenth.format(share * 100)} %`),
    ratio: known((value: number) => fine.format(value)),
    /** `20 ноя`. */
    day: known((day: string) => bare(date.format(new Date(`${day}T00:00:00Z`)))),
    /** `20 ноя 2026 г.` */
    dayOfYear: known((day: string) => bare(dated.format(new Date(`${day}T00:00:00Z`)))),
    weekday: (day: string) => weekday.format(new Date(`${day}T00:00:00Z`)),
    moment: known((instant: string) => bare(moment.format(new Date(instant)))),
    clock: known((instant: string) => clock.format(new Date(instant))),
    /** How long ago, in one unit. */
    ago: known((instant: string) => ago(language, Date.now() - Date.parse(instant))),
    rate: known((rate: Schemas['Rate']) => `${fine.format(rate.value)} ₸`),
  };
}

function ago(language: Language, passed: number): string {
  const [count, unit] = passed < HOUR ? [passed / MINUTE, 'min'] : passed < DAY ? [passed / HOUR, 'h'] : [passed / DAY, 'd'];
  const whole = Math.max(0, Math.floor(count));
  if (language === 'en') return whole === 0 && unit === 'min' ? 'just now' : `${whole} ${unit} ago`;
  if (whole === 0 && unit === 'min') return 'только что';
  const words = {
    min: 'мин', h: 'ч', d: plural('ru', whole, 'день', 'дня', 'дней'),
  }[unit as 'min' | 'h' | 'd'];
  return `${whole} ${words} назад`;
}

const FORMATS = { ru: formats('ru'), en: formats('en') };

/** The formats of the page's language. */
export function useFormats() {
  const language = useLanguage();
  return useMemo(() => FORMATS[language], [language]);
}

export type Formats = ReturnType<typeof useFormats>;
