// Reads figures off the screen, and asks the API for the same, so that a test can hold one against the other.

import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';
import type { components } from '../site/api/schema';
import { ADMIN, ask, type Login } from './stack';

type Schemas = components['schemas'];
export type Language = 'ru' | 'en';

/** A calendar day of Almaty so many days from today. */
export function dayFromNow(days: number): string {
  return new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Almaty' }).format(Date.now() + days * 86_400_000);
}

/** A period that no other test writes into: sales that tests post are of today. */
export const PAST = `from=${dayFromNow(-35)}&to=${dayFromNow(-1)}`;

/** The number in a text, such as 490000 in `490 000 ₸`; nothing for a dash. */
export function number(text: string): number | null {
  const digits = text.replace(',', '.').replace(/[^\d.-]/g, '').replace(/\.$/, '');
  return digits === '' || digits === '-' ? null : Number(digits);
}

export async function numbers(places: Locator): Promise<(number | null)[]> {
  return (await places.allTextContents()).map(number);
}

/** The headline as it stands on the screen. */
export async function headline(page: Page): Promise<Record<string, number | null>> {
  const figures = page.locator('[data-figure]');
  const names = await figures.evaluateAll((items) => items.map((item) => item.getAttribute('data-figure') ?? ''));
  const values = await numbers(figures.locator('.big'));
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
}

export function funnel(request: APIRequestContext, query: string, login: Login = ADMIN): Promise<Schemas['FunnelAnswer']> {
  return ask(request, login, `/api/traffic-dashboard/funnel?${query}`);
}

/** What the screen must show of a funnel: tenge and counts as they are, ratios as far as they are written. */
export function written({ stages, totals }: Pick<Schemas['Funnel'], 'stages' | 'totals'>): Record<string, number | null> {
  const [spend, proftest, express, flagship] = stages;
  const rounded = (value: number | null, digits: number) => (value === null ? null : Number(value.toFixed(digits)));
  return {
    spend: spend.metrics.spend_kzt, leads: proftest.metrics.leads, express: express.metrics.express_purchases,
    flagship: flagship.metrics.main_purchases, revenue: totals.revenue_kzt, roas: rounded(totals.roas, 2),
    roi: totals.roi === null ? null : rounded(totals.roi * 100, 1),
  };
}

/** The body of a table on the screen, by the titles of its columns. */
export async function tableRows(table: Locator, part: 'tbody' | 'tfoot' = 'tbody'): Promise<string[][]> {
  return table.locator(`${part} tr`).evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
}

export async function setLanguage(page: Page, language: Language) {
  const asked = page.locator(`.sidebar button[lang=${language}]`);
  if (await asked.isVisible()) await asked.click();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

/** Adds up how far the page's parts jump by themselves, from the very beginning on. */
export async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const shifts = { sum: 0 };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
        if (!entry.hadRecentInput) shifts.sum += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum);
}

/** Everything that loads by itself is there. */
export async function expectLoaded(page: Page) {
  await expect(page.locator('main .waiting')).toHaveCount(0);
  await expect(page.locator('[data-chart=days] canvas, .chart-table').first()).toBeVisible();
}
