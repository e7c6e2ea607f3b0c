// The main page: its figures are the API's, what failed is named while the rest stands, and a new sale shows by itself.

import type { components } from '../site/api/schema';
import { dayFromNow, expectLoaded, funnel, headline, number, PAST, setLanguage, tableRows, watchShifts, written } from './shown';
import { ADMIN, ask, expect, expectAccessible, expectFits, newLead, postSale, test } from './stack';

type Schemas = components['schemas'];

const FUNNEL = /\/api\/traffic-dashboard\/funnel\?/;
const REFUSED = { status: 503, json: { success: false, error: 'service_unavailable', message: 'broken by a test', request_id: 'r-1' } };
const EXCUSED = [/Failed to load resource/, /^503 /];

test('the headline equals the API to the tenge, in both languages', async ({ page, open, request }) => {
  await open(`/?${PAST}`);
  for (const language of ['ru', 'en'] as const) {
    await setLanguage(page, language);
    await expect.poll(() => headline(page)).toEqual(written(await funnel(request, PAST)));
  }
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Funnel');
  await expect(page.locator('[data-figure=revenue] .big')).toHaveText(/^\d{1,3}([\s ]\d{3})* ₸$/u);
});

test('teams and what belongs to nobody make the total, as the API has them', async ({ page, open, request }) => {
  await open(`/?${PAST}`);
  const table = page.getByRole('table', { name: 'Команды' });
  await expect(table.locator('tbody tr').first()).toBeVisible();
  const answer = await funnel(request, PAST);
  const rows = await tableRows(table);
  const [total = []] = await tableRows(table, 'tfoot');
  const shown = [...answer.teams, ...(answer.unattributed ? [answer.unattributed] : [])].map(written);
  expect(rows).toHaveLength(shown.length);
  // Spend, leads, Express, flagship and revenue by the columns they stand in.
  for (const [column, figure] of [[1, 'spend'], [2, 'leads'], [4, 'express'], [5, 'flagship'], [6, 'revenue']] as const) {
    const values = rows.map((row) => number(row[column] ?? ''));
    expect(values).toEqual(shown.map((team) => team[figure]));
    expect(values.reduce<number>((sum, value) => sum + (value ?? 0), 0), figure).toBe(number(total[column] ?? ''));
    expect(number(total[column] ?? '')).toBe(written(answer)[figure]);
  }
});

test('the four stages say what comes on, and a figure leads to its sales', async ({ page, open, request }) => {
  await open(`/?${PAST}`);
  const answer = await funnel(request, PAST);
  for (const { id, metrics } of answer.stages.slice(1)) {
    const share = metrics.conversion_from_previous;
    const shown = page.locator(`[data-stage=${id}] .conversion b`);
    if (share === null) await expect(shown).toHaveCount(0);
    else expect(number((await shown.textContent()) ?? '')).toBe(Number((share * 100).toFixed(1)));
  }
  await page.locator('[data-figure=express] a').click();
  await expect(page).toHaveURL(new RegExp(`/sales\\?${PAST}&funnel=express$`));
  await expect(page.locator('h1')).toHaveText('Продажи');
});

test('the days add up to the headline, and days that Facebook may change are marked', async ({ page, open, request }) => {
  await open(`/?${PAST}`);
  await expectLoaded(page);
  await expect(page.locator('[data-chart=days]')).toHaveAttribute('role', 'img');
  await page.getByRole('group', { name: 'Вид: Выручка и расходы по дням' }).getByRole('button', { name: 'Таблица' }).press('Enter');
  await expect(page).toHaveURL(/days=table/);
  const table = page.getByRole('table', { name: 'Выручка и расходы по дням' });
  const [total = []] = await tableRows(table, 'tfoot');
  const { spend, revenue, leads, express, flagship } = written(await funnel(request, PAST));
  expect(total.slice(1, 6).map(number)).toEqual([spend, revenue, leads, express, flagship]);
  const rows = await tableRows(table);
  expect(rows).toHaveLength(35);
  for (const [index, row] of rows.entries()) {
    const age = 35 - index;
    if (age < 27) expect(row[6], `${age} days old`).toMatch(/могут измениться|не полностью/);
    if (age > 29) expect(row[6], `${age} days old`).toMatch(/окончательные|не полностью/);
  }
});

test('charts are painted anew when the theme changes', async ({ page, open }) => {
  await open(`/?${PAST}&teams=chart`);
  await expect(page.locator('canvas')).toHaveCount(2);
  const painted = () => page.locator('[data-chart=days] canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const light = await painted();
  const theme = page.getByRole('button', { name: /^Тема/ });
  await theme.click();
  await theme.click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(painted).not.toBe(light);
});

test('where what paints charts does not come, the same numbers stand as a table', async ({ page, open, excused }) => {
  excused.push(/chart-canvas/, /Failed to load resource/, /net::ERR_FAILED/);
  await page.route(/chart-canvas/, (route) => route.abort());
  await open(`/?${PAST}`);
  await expect(page.getByRole('alert')).toContainText('График не загрузился');
  await expect(page.getByRole('table', { name: 'Выручка и расходы по дням' }).locator('tbody tr')).toHaveCount(35);
  await expect(page.locator('[data-stage]')).toHaveCount(4);
});

test('a new sale shows by itself within ten seconds', async ({ page, open, request }) => {
  await page.clock.install();
  await open('/?period=today');
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  const express = () => headline(page).then((figures) => figures['express'] ?? 0);
  await expect.poll(() => headline(page)).toEqual(written(await funnel(request, `from=${dayFromNow(0)}&to=${dayFromNow(0)}`)));
  const before = await express();
  await postSale(request, { lead: newLead() });
  await page.clock.runFor(10_000);
  await expect.poll(express).toBeGreaterThan(before);
  expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
});

test('sales of nobody are counted by their reasons, down to the sale', async ({ page, open, request }) => {
  const lead = newLead();
  await postSale(request, { lead, utm: `stray_${lead}` });
  await open('/?period=today');
  const reason = page.locator('[data-reason=unknown_utm]');
  await reason.getByRole('button').first().click();
  await expect(page).toHaveURL(/reason=unknown_utm/);
  const row = reason.locator('tr', { hasText: String(lead) });
  await expect(row).toContainText(`utm_campaign: stray_${lead}`);
  await expect.poll(async () => {
    // The count stands behind the colon; a name may hold a hyphen, which is no minus.
    const groups = await page.locator('[data-reason] > button > b').allTextContents();
    const counts = groups.map((group) => number(group.split(':').at(-1) ?? ''));
    const nobody = (await funnel(request, `from=${dayFromNow(0)}&to=${dayFromNow(0)}`)).unattributed;
    const { express = 0, flagship = 0 } = nobody ? written(nobody) : {};
    return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) - (express ?? 0) - (flagship ?? 0);
  }).toBe(0);
  await row.getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`/sales/.*${lead}`));
});

test('without the funnel the headline comes from the days, and what is missing is said', async ({ page, open, request, excused }) => {
  excused.push(...EXCUSED);
  await page.route(FUNNEL, (route) => route.fulfill(REFUSED));
  await open(`/?${PAST}`);
  await expect(page.getByRole('alert').filter({ hasText: 'Воронка: не загрузилось' })).toContainText('broken by a test');
  await expect(page.locator('.notice')).toContainText('сложены по дням');
  await expect(page.locator('.live [role=status]')).toContainText('Не обновляется');
  await expect.poll(() => headline(page)).toEqual(written(await funnel(request, PAST)));
  await expect(page.locator('[data-chart=days] canvas')).toBeVisible();
  await expect(page.locator('[data-stage]')).toHaveCount(0);
  await page.unroute(FUNNEL);
  for (const again of await page.getByRole('button', { name: 'Повторить' }).all()) await again.click();
  await expect(page.locator('[data-stage]')).toHaveCount(4);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('figures that stop coming stay, and the dot says so', async ({ page, open, excused }) => {
  excused.push(...EXCUSED);
  await open(`/?${PAST}`);
  await expect(page.locator('.live [role=status]')).toHaveText('Обновляется само');
  await expect(page.locator('[data-figure]')).toHaveCount(7);
  const before = await headline(page);
  await page.route(FUNNEL, (route) => route.fulfill(REFUSED));
  await expect(page.locator('.live [role=status]')).toContainText('Не обновляется');
  expect(await headline(page)).toEqual(before);
  await expect(page.locator('[data-stage]')).toHaveCount(4);
});

test('without spend by day the sales by day still stand', async ({ page, open, request, excused }) => {
  excused.push(...EXCUSED);
  await page.route(/\/api\/facebook-ads\/insights/, (route) => route.fulfill(REFUSED));
  await open(`/?${PAST}&days=table`);
  await expect(page.getByRole('alert')).toContainText('Расходы: не загрузилось');
  const [total = []] = await tableRows(page.getByRole('table', { name: 'Выручка и расходы по дням' }), 'tfoot');
  const { revenue } = written(await funnel(request, PAST));
  expect(number(total[2] ?? '')).toBe(revenue);
  expect(total[1]).toBe('—');
});

test('without leads by day the figures stand, and what is missing is said', async ({ page, open, request, excused }) => {
  excused.push(...EXCUSED);
  await page.route(/\/leads\/total/, (route) => route.fulfill(REFUSED));
  await open(`/?${PAST}`);
  await expect(page.getByRole('alert')).toContainText('Заявки: не загрузилось');
  await expect.poll(() => headline(page)).toEqual(written(await funnel(request, PAST)));
});

test('spend without a rate is named in its own currency', async ({ page, open }) => {
  await page.route(FUNNEL, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as Schemas['FunnelAnswer'];
    body.stages[0].metrics.unconverted = [{ account_id: '30779210298344970', currency: 'EUR', amount: 12345, reason: 'no_rate' }];
    await route.fulfill({ response: answer, json: body });
  });
  await open(`/?${PAST}`);
  await expect(page.locator('[data-part=unconverted]')).toContainText(/123,45\s€\s\(30779210298344970\)/u);
});

test('the proof and how fresh each source is stand as the API tells them', async ({ page, open, request }) => {
  await open(`/?${PAST}`);
  const { proof } = await ask<Schemas['FunnelAnswer']>(request, ADMIN, `/api/traffic-dashboard/funnel?${PAST}`);
  const standing = page.getByRole('group', { name: 'Можно ли верить цифрам' });
  if (proof?.checked_at) await expect(standing).toContainText(`лишних ${proof.extra}`);
  for (const source of ['Продажи', 'Заявки', 'Расходы']) await expect(standing).toContainText(source);
});

for (const width of [1440, 360]) {
  test(`at ${width} px it fits, does not jump, and is accessible in both themes`, async ({ page, open }) => {
    await page.setViewportSize({ width, height: 900 });
    const shifts = await watchShifts(page);
    await open(`/?${PAST}`);
    await expectLoaded(page);
    await page.waitForLoadState('networkidle');
    expect(await shifts()).toBeLessThan(0.1);
    await expectFits(page, width);
    await expectAccessible(page);
  });

  test(`at ${width} px so do the days as a table and the teams as a chart`, async ({ page, open }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(`/?${PAST}&days=table&teams=chart`);
    await expectLoaded(page);
    await expect(page.locator('[data-chart=teams] canvas')).toBeVisible();
    await expectFits(page, width);
    await expectAccessible(page);
  });
}
