// The rows behind a number: from a figure to its sales to why each is whose it is.

import { readFile } from 'node:fs/promises';
import type { APIRequestContext, Page } from '@playwright/test';
import { ADMIN, ask, buyer, expect, expectAccessible, expectFits, newLead, postSale, test } from './stack';
import type { components } from '../site/api/schema';

type Sale = components['schemas']['Sale'];
type Total = components['schemas']['SalesTotalAnswer'];

const TEAMS: Record<string, string> = { kenesary: 'Kenesary', arystan: 'Arystan', muha: 'Muha', traf4: 'Traf4' };
const PRODUCTS: Record<string, string> = { express: 'Express', flagship: 'Flagman', other: 'Другое' };

const saleOf = (lead: number) => `29600001-${lead}-express`;
const digits = (text: string | null) => Number((text ?? '').replace(/\D/g, ''));
const sum = (page: Page, name: 'count' | 'revenue') => page.locator(`[data-sum=${name}]`);
const rowOf = (page: Page, lead: number) => page.getByRole('row').filter({ has: page.getByRole('link', { name: String(lead), exact: true }) });

/** A day in the past that has no sales yet, at noon in Almaty. */
async function ownDay(request: APIRequestContext): Promise<{ at: Date; day: string }> {
  for (;;) {
    const at = new Date(Date.now() - (100 + Math.floor(Math.random() * 2000)) * 86_400_000);
    at.setUTCHours(7, Math.floor(Math.random() * 60), 0, 0);
    const day = at.toISOString().slice(0, 10);
    const { count, cancelled } = await ask<Total>(request, ADMIN, `/api/traffic-dashboard/sales/total?from=${day}&to=${day}`);
    if (count + cancelled.count === 0) return { at, day };
  }
}

/** Lines of a file by the names of their columns; what stands between quotes may hold commas. */
function parsed(file: string): Record<string, string>[] {
  const [header = [], ...lines] = file.trimEnd().split('\n').map((line) =>
    [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? ''));
  return lines.map((cells) => Object.fromEntries(header.map((name, place) => [name, cells[place] ?? ''])));
}

async function downloaded(page: Page): Promise<{ name: string; rows: Record<string, string>[] }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Скачать CSV' }).click()]);
  return { name: file.suggestedFilename(), rows: parsed(await readFile(await file.path(), 'utf8')) };
}

test('a figure leads to its sales, and a sale to its trail', async ({ page, open, request }) => {
  const lead = newLead();
  await postSale(request, { lead, utm: `proftest_kenesary_${lead}` });
  await open('/?period=today');
  await page.locator('[data-figure=express] a').click();
  await expect(page).toHaveURL(/\/sales\?(?=.*period=today)(?=.*funnel=express)/);
  await expect(page.getByRole('button', { name: 'Express', pressed: true })).toBeVisible();

  const row = rowOf(page, lead);
  await expect(row).toContainText('Kenesary');
  await expect(row).toContainText(`«proftest_kenesary_${lead}» подходит под «kenesary»`);
  await row.getByRole('link', { name: String(lead) }).click();
  await expect(page.locator('h1')).toHaveText(`Сделка ${lead} · Express`);
  await expect(page.getByText(`В сделке utm_campaign = «proftest_kenesary_${lead}».`)).toContainText('правило «kenesary» команды Kenesary');
  const timeline = page.getByRole('region', { name: 'Что и когда сообщила amoCRM' }).getByRole('listitem');
  await expect(timeline).toHaveCount(1);
  await expect(timeline).toContainText('успешно реализовано');
  await expect(timeline).toContainText('стала версия 1');
  await expect(page.getByRole('link', { name: 'Проверить по нынешним правилам' })).toHaveAttribute('href', `/admin/explain?sale_id=${saleOf(lead)}`);

  await page.getByRole('link', { name: '← Все продажи' }).click();
  await expect(page).toHaveURL(/\/sales\?period=today/);
});

test('versions say what changed between them', async ({ page, open, request }) => {
  const { at } = await ownDay(request);
  const lead = newLead();
  await postSale(request, { lead, utm: 'onai_browser', at });
  await postSale(request, { lead, utm: 'onai_browser', stage: 143, at: new Date(at.getTime() + 60_000) });
  await open(`/sales/${saleOf(lead)}`);
  const versions = page.getByRole('region', { name: 'Как продажа менялась' });
  await expect(versions.locator('#version-1')).toContainText('Продажа записана');
  await expect(versions.locator('#version-2 [data-changed]')).toHaveText(['Состояние: оплачена → отменена']);
  await expect(page.getByText('в итогах не считается')).toBeVisible();
});

test('count and sum equal the API for every product and team', async ({ page, open, request }) => {
  const { at, day } = await ownDay(request);
  const [counted, cancelled] = [newLead(), newLead()];
  await postSale(request, { lead: counted, utm: 'kenesary_x', at });
  await postSale(request, { lead: cancelled, utm: 'kenesary_x', at });
  await postSale(request, { lead: cancelled, utm: 'kenesary_x', stage: 143, at: new Date(at.getTime() + 60_000) });
  await postSale(request, { lead: newLead(), route: 'sales-webhook', price: 490_000, utm: 'onai_x', at });
  await postSale(request, { lead: newLead(), utm: 'nobody knows', at });
  for (const filter of ['', '&funnel=express', '&funnel=flagship', '&funnel=other', '&team=kenesary', '&team=muha&funnel=flagship']) {
    const total = await ask<Total>(request, ADMIN, `/api/traffic-dashboard/sales/total?from=${day}&to=${day}${filter}`);
    await open(`/sales?from=${day}&to=${day}${filter}`);
    await expect.poll(async () => digits(await sum(page, 'count').textContent()), filter).toBe(total.count);
    expect(digits(await sum(page, 'revenue').textContent()), filter).toBe(total.revenue.amount);
    await expect(page.locator('tbody tr'), filter).toHaveCount(total.count + total.cancelled.count);
  }
  await open(`/sales?from=${day}&to=${day}&team=nobody`);
  await expect(sum(page, 'count')).toHaveText('1');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  expect((await downloaded(page)).rows.map(({ team, utm_campaign: utm }) => [team, utm])).toEqual([['', 'nobody knows']]);
});

test('the file equals the table cell by cell, page after page', async ({ page, open, request }) => {
  const { at, day } = await ownDay(request);
  const leads = [newLead(), newLead(), newLead()] as const;
  await postSale(request, { lead: leads[0], utm: 'kenesary, "весна"', at });
  await postSale(request, { lead: leads[1], price: 0, utm: 'onai_1', at });
  await postSale(request, { lead: leads[2], utm: 'whose is this', at });
  await postSale(request, { lead: leads[2], utm: 'whose is this', stage: 143, at: new Date(at.getTime() + 60_000) });
  // Pages of two rows, so that the table comes in two.
  await page.route(/\/api\/traffic-dashboard\/sales\?(?!.*format)/, (route) => route.continue({ url: route.request().url().replace('limit=100', 'limit=2') }));
  await open(`/sales?from=${day}&to=${day}`);
  await expect(page.locator('tbody tr')).toHaveCount(2);
  await page.getByRole('button', { name: 'Показать ещё' }).click();
  await expect(page.locator('tbody tr')).toHaveCount(3);
  await expect(page.getByRole('button', { name: 'Показать ещё' })).toHaveCount(0);

  const { name, rows } = await downloaded(page);
  expect(name).toBe(`sales-${day}-${day}.csv`);
  expect(rows.map((row) => Number(row['lead_id'])).sort()).toEqual([...leads].sort());
  const shown = await page.locator('tbody tr').evaluateAll((lines) =>
    lines.map((line) => [...line.querySelectorAll('td')].map((cell) => cell.innerText.replaceAll(' ', ' ').trim())));
  const sources: Record<string, string> = { hook: 'вебхука', crm: 'amoCRM', list_price: 'прайса' };
  const written = rows.map((row) => {
    const moment = new Intl.DateTimeFormat('ru-RU', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Almaty' }).format(new Date(row['sold_at'] ?? ''));
    return [
      `${Number(day.slice(8))} ${moment}`, row['lead_id'], PRODUCTS[row['product'] ?? ''], TEAMS[row['team'] ?? ''] ?? 'Без команды',
      Number(row['amount']), sources[row['amount_source'] ?? ''], row['state'] === 'active' ? '✓ оплачена' : '✕ отменена',
      row['verified'] === 'true' ? 'да' : 'ещё нет',
      row['trail_pattern'] ? `«${row['trail_value']}» подходит под «${row['trail_pattern']}»` : 'метки не подходят ни под одно правило', row['utm_campaign'],
    ];
  });
  const read = shown.map(([moment = '', lead, product, team = '', amount = '', ...others]) => [
    moment.replace(/^(\d+) .*(\d\d:\d\d)$/, '$1 $2'), lead, product, team.replace(/^\P{L}+/u, ''), digits(amount), ...others,
  ]);
  expect(read).toEqual(written);

  // What is searched for is all that stands in the file.
  await page.locator('[data-search]').fill('ВЕСНА');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  expect((await downloaded(page)).rows.map((row) => row['utm_campaign'])).toEqual(['kenesary, "весна"']);
});

test('a new sale is there within ten seconds, without a reload', async ({ page, open, request }) => {
  const lead = newLead();
  await page.clock.install();
  await open(`/sales?period=today&q=${lead}`);
  await expect(page.getByRole('group', { name: 'Итоги' })).toBeVisible();
  await expect(rowOf(page, lead)).toHaveCount(0);
  const before = digits(await sum(page, 'count').textContent());
  await page.evaluate(() => { document.documentElement.dataset['stayed'] = 'true'; });
  await postSale(request, { lead });
  await page.clock.runFor(10_000);
  await expect(rowOf(page, lead)).toBeVisible();
  await expect.poll(async () => digits(await sum(page, 'count').textContent())).toBeGreaterThan(before);
  await expect(page.locator('html')).toHaveAttribute('data-stayed', 'true');
});

test.describe('a buyer', () => {
  test.use({ excused: [/403/] });

  test('sees the own team only, and cannot open another team’s sale', async ({ page, open, request }) => {
    const { at, day } = await ownDay(request);
    const [own, other] = [newLead(), newLead()];
    await postSale(request, { lead: own, utm: 'onai_x', at });
    await postSale(request, { lead: other, utm: 'kenesary_x', at });
    await open(`/sales?from=${day}&to=${day}`, buyer('muha'));
    await expect(rowOf(page, own)).toBeVisible();
    await expect(page.locator('tbody tr')).toHaveCount(1);
    await expect(page.getByRole('combobox', { name: 'Команда' })).toHaveCount(0);
    expect((await downloaded(page)).rows.map((row) => row['lead_id'])).toEqual([String(own)]);

    await open(`/sales/${saleOf(other)}`, buyer('muha'));
    await expect(page.getByText('Это продажа другой команды.')).toBeVisible();
    await expect(page.locator('#content')).not.toContainText('kenesary_x');
    await open(`/sales?from=${day}&to=${day}&team=kenesary`, buyer('muha'));
    await expect(page.getByText('Это продажи другой команды.')).toBeVisible();
    await expect(page.locator('tbody tr')).toHaveCount(0);
  });
});

test('filters stand in the address, and a link opens the same rows', async ({ page, open, request }) => {
  const { at, day } = await ownDay(request);
  const lead = newLead();
  await postSale(request, { lead, route: 'sales-webhook', price: 490_000, utm: `onai_${lead}`, at });
  await postSale(request, { lead: newLead(), utm: 'onai_x', at });
  await open(`/sales?from=${day}&to=${day}`);
  await expect(page.locator('tbody tr')).toHaveCount(2);
  await page.getByRole('button', { name: 'Flagman' }).click();
  await page.getByRole('combobox', { name: 'Команда' }).selectOption('muha');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  // The slash takes to the search, as on every page.
  await page.locator('h1').click();
  await page.keyboard.press('/');
  await page.keyboard.type(String(lead));
  await expect(page.getByText('Найдено 1 из 1 показанных')).toBeVisible();
  await expect(page).toHaveURL(`/sales?from=${day}&to=${day}&funnel=flagship&team=muha&q=${lead}`);
  await page.reload();
  await expect(rowOf(page, lead)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Flagman', pressed: true })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Команда' })).toHaveValue('muha');
  await expect(page.locator('[data-search]')).toHaveValue(String(lead));
  await page.locator('[data-search]').fill('нет такого');
  await expect(page.getByText('Среди показанных строк такой нет.')).toBeVisible();
});

test('everything is said in English too', async ({ page, open, request }) => {
  const { at, day } = await ownDay(request);
  const lead = newLead();
  await postSale(request, { lead, price: 0, utm: 'onai_x', at });
  await page.addInitScript(() => localStorage.setItem('language', 'en'));
  await open(`/sales?from=${day}&to=${day}`);
  await expect(rowOf(page, lead)).toContainText('“onai_x” matches “onai”');
  await expect(rowOf(page, lead)).toContainText('list price');
  await expect(page.locator('#content')).not.toContainText(/[а-яё]/i);
  await rowOf(page, lead).getByRole('link').click();
  await expect(page.getByText('The deal has utm_campaign = “onai_x”.')).toBeVisible();
  await expect(page.locator('#content')).not.toContainText(/[а-яё]/i);
});

test('sales and a sale are accessible, and fit a phone', async ({ page, open, request }) => {
  const lead = newLead();
  await postSale(request, { lead, price: 0, utm: 'onai_x' });
  await open(`/sales?period=today&q=${lead}`);
  await expect(rowOf(page, lead)).toBeVisible();
  await expectAccessible(page);
  await expectFits(page, 360);
  await page.goto(`/sales/${saleOf(lead)}`);
  await expect(page.getByText('прайс: amoCRM ещё не назвала сумму')).toBeVisible();
  await expectFits(page, 360);
  await expectAccessible(page);
});

test.describe('where the sums fail', () => {
  test.use({ excused: [/503/] });

  test('the rows stay, and the sums can be asked for again', async ({ page, open, request }) => {
    const lead = newLead();
    await postSale(request, { lead });
    const broken = /\/api\/traffic-dashboard\/sales\/total/;
    await page.route(broken, (route) => route.fulfill({ status: 503, json: { success: false, error: 'unavailable', message: 'Try again.' } }));
    await open(`/sales?period=today&q=${lead}`);
    await expect(rowOf(page, lead)).toBeVisible();
    const alert = page.getByRole('alert').filter({ hasText: 'Итоги: не загрузилось' });
    await expect(alert).toBeVisible();
    await page.unroute(broken);
    await alert.getByRole('button', { name: 'Повторить' }).click();
    await expect(sum(page, 'count')).toBeVisible();
    await expect(alert).toHaveCount(0);
  });
});

test.describe('a sale that is none', () => {
  test.use({ excused: [/404/] });

  test('is said to be none, with what to do', async ({ page, open }) => {
    await open(`/sales/${saleOf(newLead())}`);
    await expect(page.getByText('Такой продажи нет.')).toBeVisible();
    await expect(page.getByRole('link', { name: '← Все продажи' })).toBeVisible();
  });
});

test('every row of the API is on the page', async ({ page, open, request }) => {
  const { at, day } = await ownDay(request);
  for (const utm of ['kenesary_x', 'onai_x', 'alex_x']) await postSale(request, { lead: newLead(), utm, at });
  const { items } = await ask<{ items: Sale[] }>(request, ADMIN, `/api/traffic-dashboard/sales?from=${day}&to=${day}`);
  expect(items).toHaveLength(3);
  await open(`/sales?from=${day}&to=${day}`);
  for (const { lead_id: lead, team } of items) await expect(rowOf(page, lead)).toContainText(TEAMS[team ?? ''] ?? 'Без команды');
  await expect(page.locator('tbody tr')).toHaveCount(items.length);
});
