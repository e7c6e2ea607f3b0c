// Our sales against amoCRM's: the page says what the API says, names each deal that differs, and who has to do what.

import type { Page, Response } from '@playwright/test';
import type { components } from '../site/api/schema';
import { expect, expectAccessible, expectFits, test } from './stack';

type Answer = components['schemas']['ReconciliationAnswer'];
type Deal = components['schemas']['DifferingDeal'];

const API = /\/api\/admin\/reconciliation/;
const PAGE = '/admin/reconciliation';
const ENGLISH = () => localStorage.setItem('language', 'en');

const digits = (text: string | null) => Number((text ?? '').replace(/\D/g, ''));
const isAnswer = (response: Response) => API.test(response.url()) && response.ok();

const kzt = (amount: number) => ({ amount, currency: 'KZT' as const });
const crm = (amount: number) => ({ product: 'express' as const, amount: kzt(amount), pipeline_id: 10350882, status_id: 142 });
const ledger = (amount: number) => ({ product: 'express' as const, amount: kzt(amount), sold_at: '2026-11-20T11:00:00+05:00' });
const deal = (lead: number, of: Pick<Deal, 'crm' | 'ledger' | 'reason'>): Deal =>
  ({ lead_id: lead, product: 'express', team: 'muha', day: '2026-11-20', healed_at: null, ...of });

/** What is wrong where something of everything is; a stack that was just compared has nothing of it. */
const APART: Partial<Answer> = {
  state: 'red',
  reason: '1 deal of amoCRM is missing here.',
  missing: [deal(700_001, { crm: crm(5000), ledger: null, reason: 'unknown_deal' })], missing_more: 3,
  extra: [deal(700_002, { crm: null, ledger: ledger(5000), reason: 'deleted' })], extra_more: 0,
  different: [deal(700_003, { crm: crm(4000), ledger: ledger(5000), reason: 'amount' })], different_more: 0,
  healed: [{ lead_id: 700_004, change: 'stage', happened_at: '2026-11-20T11:00:00+05:00', healed_at: '2026-11-20T12:00:00+05:00', sale_id: '29600001-700004-express' }],
  delivery: { changes: 200, hooks_seen: 183, rate: 0.915 },
  counters: {
    ok: false, checked_at: '2026-11-20T12:00:00+05:00', differences_more: 0,
    differences: [{ basis: 'sale_date', team: 'muha', day: '2026-11-20', product: 'express', state: 'active', counted: { count: 7, sum: 35_000 }, ledger: { count: 8, sum: 40_000 } }],
  },
  hooks: {
    checked_at: '2026-11-20T12:00:00+05:00',
    findings: [{ path: '/api/amocrm/funnel-sale', problem: 'disabled', events: ['status_lead'], what_to_do: 'Switch the hook on again.' }],
  },
};

/** The stack's own answer, with other parts. */
async function answerWith(page: Page, parts: Partial<Answer>) {
  await page.route(API, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as Answer), ...parts } });
  });
}

test('figures equal the API: in all, by day, by team, by product', async ({ page, open }) => {
  const answered = page.waitForResponse(isAnswer);
  await open(PAGE);
  const answer = (await (await answered).json()) as Answer;
  for (const side of ['crm', 'ledger'] as const) {
    const said = page.locator(`[data-side=${side}]`);
    await expect(said).toBeVisible();
    expect(digits(await said.locator('.big').textContent()), side).toBe(answer[side].count);
    expect(digits(await said.locator('.quiet').last().textContent()), side).toBe(answer[side].revenue.amount);
  }
  for (const kind of ['missing', 'extra', 'different'] as const) {
    const standing = answer[kind].filter(({ healed_at: healed }) => healed === null).length + answer[`${kind}_more`];
    expect(digits(await page.locator(`[data-side=${kind}] .big`).textContent()), kind).toBe(standing);
  }
  const figures = (name: string) => page.getByRole('table', { name }).locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td.number')].slice(0, 7).map((cell) => Number((cell.textContent ?? '').replace(/\D/g, '')))));
  const sides = (rows: readonly Pick<Answer['by_day'][number], 'crm' | 'ledger' | 'missing' | 'extra' | 'different'>[]) =>
    rows.map((row) => [row.crm.count, row.ledger.count, row.crm.revenue.amount, row.ledger.revenue.amount, row.missing, row.extra, row.different]);
  expect(await figures('По дням')).toEqual(sides(answer.by_day.toSorted((a, b) => b.day.localeCompare(a.day))));
  expect(await figures('По командам')).toEqual(sides(answer.by_team));
  expect(await figures('По продуктам')).toEqual(sides(answer.by_product));
  const { rate } = answer.delivery;
  const percent = rate === null ? '—' : `${new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 }).format(rate * 100)} %`;
  await expect(page.locator('[data-delivery]')).toHaveText(percent);
});

test('every deal that differs is named with both sides and why', async ({ page, open }) => {
  await answerWith(page, APART);
  await open(PAGE);
  await expect(page.getByText('Не сходится', { exact: true })).toBeVisible();
  const missing = page.locator('[data-kind=missing]');
  await expect(missing).toContainText('Есть в amoCRM, нет у нас: 4');
  await expect(missing.getByRole('row').nth(1)).toContainText('о сделке нам никто не сообщал');
  await expect(missing).toContainText('И ещё 3');
  const different = page.locator('[data-kind=different]').getByRole('row').nth(1);
  await expect(different).toContainText(/4\s000 ₸/);
  await expect(different).toContainText(/5\s000 ₸/);
  await expect(different).toContainText('другая сумма');
  await expect(page.locator('[data-kind=extra]')).toContainText('в amoCRM сделка в корзине');
  await expect(page.getByText('О 183 из 200 изменений сообщил вебхук')).toBeVisible();
  await expect(page.locator('[data-delivery]')).toHaveText('91,5 %');
  const hook = page.getByRole('listitem').filter({ hasText: '/api/amocrm/funnel-sale' });
  await expect(hook).toContainText('выключен');
  await expect(hook).toContainText('Настройки → Интеграции → WebHooks');
  const gap = page.getByRole('table', { name: 'Счётчики' }).getByRole('row').nth(1);
  await expect(gap).toContainText(/7 · 35\s000 ₸/);
  await expect(gap).toContainText(/8 · 40\s000 ₸/);
  await expect(page.getByRole('table', { name: 'Что исправлено само' }).getByRole('link')).toHaveAttribute('href', '/sales/29600001-700004-express');

  await page.locator('[data-kind=extra]').getByRole('link', { name: '700002' }).click();
  await expect(page).toHaveURL('/sales?from=2026-11-20&to=2026-11-20&q=700002');
});

test('product, team and period stand in the address and are asked for', async ({ page, open }) => {
  await open(`${PAGE}?from=2026-11-01&to=2026-11-10`);
  await expect(page.getByRole('table', { name: 'По дням' })).toBeVisible();
  const asked = page.waitForRequest((request) => API.test(request.url()) && request.url().includes('team='));
  await page.getByRole('button', { name: 'Flagman' }).click();
  await page.getByRole('combobox', { name: 'Команда' }).selectOption('muha');
  await expect(page).toHaveURL(`${PAGE}?from=2026-11-01&to=2026-11-10&product=flagship&team=muha`);
  const question = new URL((await asked).url()).searchParams;
  expect(Object.fromEntries(question)).toEqual({ from: '2026-11-01', to: '2026-11-10', product: 'flagship', team: 'muha' });
  const answered = page.waitForResponse(isAnswer);
  await page.reload();
  expect(new URL((await answered).url()).searchParams.get('team')).toBe('muha');
  await expect(page.getByRole('button', { name: 'Flagman', pressed: true })).toBeVisible();
});

test('why it cannot be known is said in the language of the page', async ({ page, open }) => {
  const reason = 'amoCRM has not been read since 06:51: amocrm-poll does not run. The counters are not the sum of the sales: run rebuild.';
  await answerWith(page, { ...APART, state: 'unknown', reason });
  await open(PAGE);
  await expect(page.getByText('amoCRM не читали с 06:51: чтение по расписанию не запускается. Счётчики не равны сумме продаж: нужен пересчёт (rebuild).')).toBeVisible();
});

test('what cannot be known is said so, in English too', async ({ page, open }) => {
  await page.addInitScript(ENGLISH);
  await answerWith(page, { ...APART, state: 'unknown', reason: 'amoCRM has not been read since 06:51: amocrm-poll does not run.', hooks: { findings: null, checked_at: '2026-11-20T12:00:00+05:00' }, counters: null });
  await open(PAGE);
  await expect(page.getByText('Not known', { exact: true })).toBeVisible();
  await expect(page.getByText('amoCRM has not been read since 06:51: amocrm-poll does not run.')).toBeVisible();
  await expect(page.getByText('amoCRM does not show its hooks')).toBeVisible();
  await expect(page.getByText('Counters were not compared yet.')).toBeVisible();
  await expect(page.locator('#content')).not.toContainText(/[а-яё]/i);
});

test('the page is accessible and fits a phone, whatever is wrong', async ({ page, open }) => {
  await answerWith(page, APART);
  await open(PAGE);
  await expect(page.locator('[data-kind=missing]')).toBeVisible();
  await expectAccessible(page);
  await expectFits(page, 360);
});

test.describe('where the comparison does not answer', () => {
  test.use({ excused: [/503/] });

  test('the page says so and lets people try again', async ({ page, open }) => {
    await page.route(API, (route) => route.fulfill({ status: 503, json: { success: false, error: 'unavailable', message: 'Try again.' } }));
    await open(PAGE);
    const alert = page.getByRole('alert').filter({ hasText: 'Сверка: не загрузилось' });
    await expect(alert).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Период' })).toBeVisible();
    await page.unroute(API);
    await alert.getByRole('button', { name: 'Повторить' }).click();
    await expect(page.locator('[data-side=crm]')).toBeVisible();
  });
});
