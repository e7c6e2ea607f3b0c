// The language of the page, and texts in it. Each page keeps its own texts beside it, in both languages.

import { createContext, useContext } from 'react';

export type Language = 'ru' | 'en';

export const LanguageContext = createContext<Language>('ru');

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** Texts of one place: both languages say the same things. */
export type Texts<T> = Record<Language, T>;

export function useTexts<T>(texts: Texts<T>): T {
  return texts[useLanguage()];
}

const RULES: Record<Language, Intl.PluralRules> = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };

/** The word that goes with a number: `plural('ru', 3, 'продажа', 'продажи', 'продаж')`; English has the first and the last. */
export function plural(language: Language, count: number, one: string, few: string, many: string): string {
  return { one, few, zero: many, two: few, many, other: many }[RULES[language].select(count)];
}
