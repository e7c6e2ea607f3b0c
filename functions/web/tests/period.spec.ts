// Which days the figures are of: presets, steps, own days, comparison and the keys. All of it stands in the address.

import type { Page } from '@playwright/test';
import { dayFromNow, funnel, headline, number, PAST, written } from './shown';
import { expect, test } from './stack';

const days = (from: string, to: string) => `from=${from}&to=${to}`;

/** The first day of the month so many months back, and its last. */
function month(back: number): [string, string] {
  const [year = 0, number = 0] = dayFromNow(0).split('-').map(Number);
  const iso = (time: number) => new Date(time).toISOString().slice(0, 10);
  return [iso(Date.UTC(year, number - 1 - back, 1)), iso(Date.UTC(year, number - back, 0))];
}

/** Each preset and the days that it stands for. */
const PRESETS: readonly (readonly [string, string])[] = [
  ['today', days(dayFromNow(0), dayFromNow(0))],
  ['yesterday', days(dayFromNow(-1), dayFromNow(-1))],
  ['7d', days(dayFromNow(-6), dayFromNow(0))],
  ['90d', days(dayFromNow(-89), dayFromNow(0))],
  ['month', days(month(0)[0], dayFromNow(0))],
  ['last-month', days(...month(1))],
  ['30d', days(dayFromNow(-29), dayFromNow(0))],
];

const period = (page: Page) => page.getByRole('combobox', { name: 'Период' });
const shownDays = (page: Page) => page.locator('.period-bar .days');

/** The days that the page has asked the funnel for. */
function daysAsked(page: Page): () => string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/api/traffic-dashboard/funnel') asked.push(days(url.searchParams.get('from') ?? '', url.searchParams.get('to') ?? ''));
  });
  return () => asked;
}

for (const [preset, of] of PRESETS) {
  test(`the preset ${preset} shows its days, and its figures are theirs`, async ({ page, open, request }) => {
    const asked = daysAsked(page);
    await open(preset === '30d' ? '/?period=today' : '/');
    await period(page).selectOption(preset);
    if (preset === '30d') await expect(page).not.toHaveURL(/period=/);
    else await expect(page).toHaveURL(new RegExp(`period=${preset}(&|$)`));
    await expect.poll(asked).toContain(of);
    await expect(page.locator('.dim')).toHaveCount(0);
    // Asked anew each time: of today other tests make sales meanwhile.
    await expect.poll(async () => JSON.stringify(await headline(page)) === JSON.stringify(written(await funnel(request, of)))).toBe(true);
  });
}

test('arrows step by the length of the period, a month by a month, and never past today', async ({ page, open }) => {
  const week = (back: number) => days(dayFromNow(-6 - 7 * back), dayFromNow(-7 * back));
  await open(`/?${week(3)}`);
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(new RegExp(week(4)));
  await page.getByRole('button', { name: 'Период позже' }).click();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(new RegExp(week(2)));

  const before = days(...month(3));
  await page.goto(`/?${days(...month(2))}`);
  await page.getByRole('button', { name: 'Период раньше' }).click();
  await expect(page).toHaveURL(new RegExp(before));

  await page.goto('/?period=today');
  await expect(page.getByRole('button', { name: 'Период позже' })).toBeDisabled();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/period=today/);
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(before));
});

test('arrows that are pressed in a field or a table are left to them', async ({ page, open }) => {
  await open('/?period=7d');
  await period(page).focus();
  await page.keyboard.press('ArrowLeft');
  await page.locator('.scroll').first().press('ArrowLeft');
  await expect(page).not.toHaveURL(/from=/);
});

test('own days: a wrong order is refused, the right ones are shown', async ({ page, open, request }) => {
  await open('/');
  await period(page).selectOption('custom');
  await page.getByLabel('С', { exact: true }).fill(dayFromNow(-3));
  await page.getByLabel('По', { exact: true }).fill(dayFromNow(-9));
  await page.getByRole('button', { name: 'Показать', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Начало не позже конца');
  await expect(page).not.toHaveURL(/from=/);
  await page.getByLabel('По', { exact: true }).fill(dayFromNow(-2));
  await page.getByLabel('По', { exact: true }).press('Enter');
  const of = days(dayFromNow(-3), dayFromNow(-2));
  await expect(page).toHaveURL(new RegExp(of));
  await expect.poll(() => headline(page)).toEqual(written(await funnel(request, of)));
});

test('each figure is compared with the period before, the same weekdays, or not at all', async ({ page, open, request }) => {
  const [from, to] = [dayFromNow(-11), dayFromNow(-2)];
  const now = written(await funnel(request, days(from, to)));
  await open(`/?${days(from, to)}`);
  const compare = page.getByRole('combobox', { name: 'Сравнить' });
  const change = page.locator('[data-figure=spend] .change');
  // Ten days: ten days before, and the same weekdays two weeks before.
  for (const [choice, back] of [['previous', 10], ['weekdays', 14]] as const) {
    await compare.selectOption(choice);
    const before = written(await funnel(request, days(dayFromNow(-11 - back), dayFromNow(-2 - back))));
    const [spent = 0, spentBefore = 0] = [now['spend'] ?? 0, before['spend'] ?? 0];
    expect(spentBefore, 'the stack has spend of these days').toBeGreaterThan(0);
    const share = Number(Math.abs(((spent - spentBefore) / spentBefore) * 100).toFixed(1));
    await expect.poll(async () => number((await change.textContent()) ?? '')).toBe(share < 0.05 ? null : share);
    await expect(change).toContainText(share < 0.05 ? 'без изменений' : spent > spentBefore ? 'больше на' : 'меньше на');
    await expect(change).toHaveAttribute('title', /^было /);
    await expect(shownDays(page)).toContainText('против');
  }
  await expect(page).toHaveURL(/compare=weekdays/);
  await compare.selectOption('none');
  await expect(change).toHaveText('');
  await expect(shownDays(page)).not.toContainText('против');
  await expect(page).toHaveURL(/compare=none/);
});

test('a link opens the same view', async ({ page, open }) => {
  await open(`/?${PAST}`);
  await page.getByRole('combobox', { name: 'Сравнить' }).selectOption('weekdays');
  await page.getByRole('button', { name: 'По дате заявки' }).click();
  await page.getByRole('group', { name: 'Вид: Команды' }).getByRole('button', { name: 'График' }).click();
  await expect(page).toHaveURL(/basis=lead_date.*teams=chart/);
  await expect(page.locator('.dim')).toHaveCount(0);
  const again = await page.context().newPage();
  await again.goto(page.url());
  await expect(again.locator('[data-chart=teams] canvas')).toBeVisible();
  expect(await shownDays(again).textContent()).toBe(await shownDays(page).textContent());
  await expect(again.getByRole('combobox', { name: 'Сравнить' })).toHaveValue('weekdays');
  await expect(again.getByRole('button', { name: 'По дате заявки' })).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => headline(again)).toEqual(await headline(page));
});

test('the period goes along to other pages', async ({ page, open }) => {
  await open('/?period=7d&basis=lead_date');
  await page.locator('.sidebar').getByRole('link', { name: 'Kenesary' }).click();
  await expect(page).toHaveURL(/\/traffic\/cabinet\/kenesary\?period=7d&basis=lead_date$/);
  await expect(period(page)).toHaveValue('7d');
  await page.locator('.sidebar').getByRole('link', { name: 'Продажи' }).click();
  await expect(page).toHaveURL(/\/sales\?period=7d/);
});

test('keys: ? lists them, Esc closes, / goes to the search', async ({ page, open }) => {
  await open('/traffic/cabinet/kenesary');
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Клавиши' });
  await expect(keys).toBeVisible();
  await expect(keys).toContainText('период раньше, позже');
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(page.getByRole('searchbox')).toHaveValue('');
});

test('days that make no sense in an address fall back to the usual ones', async ({ page, open }) => {
  const [first, last] = month(1);
  await open(`/?${days(last, first)}&basis=nonsense&compare=nonsense&period=nonsense`);
  await expect(period(page)).toHaveValue('30d');
  await expect(page.locator('[data-figure]')).toHaveCount(7);
});
