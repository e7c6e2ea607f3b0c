// The names of what is sold.

import type { Schemas } from '~/api/client';
import { useTexts, type Texts } from './language';

export type Product = Schemas['Product'];

export const PRODUCTS = ['express', 'flagship', 'other'] as const satisfies readonly Product[];

const TEXTS: Texts<Record<Product, string>> = {
  ru: { express: 'Express', flagship: 'Flagman', other: 'Другое' },
  en: { express: 'Express', flagship: 'Flagship', other: 'Other' },
};

export function useProductNames(): Record<Product, string> {
  return useTexts(TEXTS);
}
