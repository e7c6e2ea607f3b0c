// Hooks as they came, what became of them, and taking them in again.

import type { APIRequestContext, Page } from '@playwright/test';
import type { components } from '../site/api/schema';
import { ADMIN, ask, BASE_URL, expect, expectAccessible, expectFits, newLead, postSale, test, WEBHOOK_KEY } from './stack';

type Events = components['schemas']['EventsAnswer'];
type ReplayAnswer = components['schemas']['EventsReplayAnswer'];

/** A hook whose deal has no readable number. */
async function postUnreadable(request: APIRequestContext, id: string) {
  const form = { 'account[id]': '29600001', 'leads[status][0][id]': id, 'leads[status][0][name]': 'Сделка №1', 'leads[status][0][status_id]': '142' };
  const answer = await request.post(`${BASE_URL}/api/amocrm/sales-webhook?key=${WEBHOOK_KEY}`, { form });
  const { results } = (await answer.json()) as { results: { outcome: string }[] };
  expect(results[0]?.outcome).toBe('quarantined');
}

const rows = (page: Page) => page.getByRole('group', { name: 'События' }).locator('tbody tr');
const listed = (page: Page) =>
  rows(page).evaluateAll((found) => found.map((row) => decodeURIComponent(row.querySelector('a')?.pathname.split('/').at(-1) ?? '')));

test('a hook that could not be read is found, shown as it came, and taken in again', async ({ page, request, open }) => {
  const id = `deal-${newLead()}`;
  await postUnreadable(request, id);
  await open('/admin/events?period=today');
  await page.getByLabel('Результат').selectOption('quarantined');
  await expect(page).toHaveURL(/outcome=quarantined/);
  const row = rows(page).filter({ hasText: id });
  await expect(row.locator('[data-outcome]')).toHaveText('✕ Не прочитано');
  await row.getByRole('link').click();

  await expect(page).toHaveURL(/\/admin\/events\/[^?]+\?period=today$/);
  await expect(page.getByRole('heading', { name: 'Что не прочиталось' })).toBeVisible();
  await expect(page.locator('main')).toContainText(`lead id "${id}" is not an id`);
  const body = page.getByRole('group', { name: 'Что прислали' });
  await expect(body.getByRole('row', { name: 'leads[status][0][id]' })).toContainText(id);
  await expect(body.getByRole('row', { name: 'leads[status][0][name]' })).toContainText('Сделка №1');
  await page.getByText('Как пришло, байт в байт').click();
  await expect(page.locator('pre.raw')).toContainText('leads%5Bstatus%5D%5B0%5D%5Bid%5D=');

  await page.getByRole('button', { name: 'Принять заново' }).click();
  const said = page.getByRole('status').filter({ hasText: 'Прочитано ещё раз' });
  await expect(said.locator('[data-outcome]')).toHaveText('✕ Не прочитано');
  await expect(said).toContainText('Без номера сделки');
});

test('a sale that is taken in again is not counted twice', async ({ page, request, open }) => {
  const lead = newLead();
  await postSale(request, { lead });
  const { items } = await ask<Events>(request, ADMIN, '/api/admin/events?route=funnel&limit=500');
  const event = items.find((each) => each.lead_id === lead);
  await open(`/admin/events/${encodeURIComponent(event?.id ?? '')}`);
  await expect(page.locator('[data-outcome]').first()).toHaveText('✓ Новая продажа');
  await page.getByRole('button', { name: 'Принять заново' }).click();
  const said = page.getByRole('status').filter({ hasText: 'Прочитано ещё раз' });
  await expect(said.locator('[data-outcome]')).toHaveText('= Уже было');
  await expect(said).toContainText(`Сделка ${lead}`);
  const { items: after } = await ask<Events>(request, ADMIN, '/api/admin/events?route=funnel&limit=500');
  expect(after.filter((each) => each.lead_id === lead).map(({ outcome }) => outcome)).toEqual(['recorded']);
  await page.getByRole('link', { name: 'Открыть продажу →' }).click();
  await expect(page).toHaveURL(new RegExp(`/sales/29600001-${lead}-express`));
});

test('filters stand in the address and give what the API gives', async ({ page, request, open }) => {
  await open('/admin/events?period=90d&route=traffic&outcome=recorded');
  await expect(page.getByLabel('Вход')).toHaveValue('traffic');
  await expect(page.getByLabel('Результат')).toHaveValue('recorded');
  const asked = page.waitForResponse((answer) => answer.url().includes('/api/admin/events?') && !answer.url().includes('outcome'));
  await page.getByLabel('Результат').selectOption('');
  const query = new URL((await asked).url()).search;
  const { items } = await ask<Events>(request, ADMIN, `/api/admin/events${query}`);
  expect(items.length).toBeGreaterThan(0);
  await expect.poll(() => listed(page)).toEqual(items.map(({ id }) => id));
  for (const text of await rows(page).locator('td:nth-child(6)').allTextContents()) expect(text).toBe('Flagman');
  await page.goBack();
  await expect(page.getByLabel('Результат')).toHaveValue('recorded');
  await page.goto('/admin/events?from=2024-01-01&to=2024-01-31');
  await expect(page.getByText('За эти дни ничего не пришло')).toBeVisible();
});

test('the list goes on by its cursor, without a row twice', async ({ page, open }) => {
  await open('/admin/events?period=90d');
  await expect(rows(page).first()).toBeVisible();
  const before = await listed(page);
  await page.getByRole('button', { name: 'Показать ещё' }).click();
  await expect.poll(() => rows(page).count()).toBeGreaterThan(before.length);
  const after = await listed(page);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(new Set(after).size).toBe(after.length);
});

test('a dry run says what would be, changes nothing, and then the run does it', async ({ page, request, open }) => {
  const id = `deal-${newLead()}`;
  await postUnreadable(request, id);
  await open('/admin/events?period=today&outcome=quarantined');
  const sent: { dry_run: boolean; outcome?: string }[] = [];
  const told: ReplayAnswer[] = [];
  await page.route('**/api/admin/events/replay', async (route) => {
    const answer = await route.fetch();
    sent.push(route.request().postDataJSON() as (typeof sent)[number]);
    told.push((await answer.json()) as ReplayAnswer);
    await route.fulfill({ response: answer });
  });
  await page.getByRole('button', { name: 'Посмотреть, что будет принято' }).click();
  const card = page.getByRole('region', { name: 'Принять заново' });
  await expect(card.getByRole('status')).toContainText('Пока ничего не изменено.');
  const found = told.reduce((sum, { replayable }) => sum + replayable, 0);
  expect(found).toBeGreaterThan(0);
  expect(sent.every((body) => body.dry_run && body.outcome === 'quarantined')).toBe(true);
  await expect(card.getByRole('status')).toContainText(String(found));
  await expect(card.locator('tbody tr').filter({ hasText: id })).toHaveCount(1);

  await card.getByRole('button', { name: `Принять заново: ${found}` }).click();
  await expect(card.getByRole('status')).toContainText('Готово');
  const results = told.filter(({ dry_run: dry }) => !dry).map((answer) => answer.results.quarantined);
  await expect(card.locator('[data-result=quarantined]')).toHaveText(String(results.reduce((sum, count) => sum + count, 0)));
});

test('a long run goes batch by batch, can be stopped and goes on', async ({ page, open }) => {
  const answers: ReplayAnswer[] = [];
  const batch = (matched: number, next?: string): ReplayAnswer => ({
    success: true, dry_run: false, matched, replayable: matched, replayed: matched, failures: [],
    results: { recorded: matched, updated: 0, duplicate: 0, ignored: 0, quarantined: 0, failed: 0 }, ...(next ? { next } : {}),
  });
  const cursors: (string | undefined)[] = [];
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => { letGo = resolve; });
  await page.route('**/api/admin/events/replay', async (route) => {
    const { dry_run: dry, cursor } = route.request().postDataJSON() as { dry_run: boolean; cursor?: string };
    if (dry) return route.fulfill({ json: { ...batch(1000), dry_run: true, replayed: 0, items: [] } });
    cursors.push(cursor);
    if (cursors.length === 2) await held;
    return route.fulfill({ json: answers.shift() });
  });
  answers.push(batch(500, 'second'), batch(300, 'third'), batch(200));
  await open('/admin/events');
  const card = page.getByRole('region', { name: 'Принять заново' });
  await card.getByRole('button', { name: 'Посмотреть, что будет принято' }).click();
  await card.getByRole('button', { name: /^Принять заново: 1000/ }).click();
  await expect(card.getByRole('status')).toHaveText('Принято 500 из 1000');
  await expect(card.getByRole('progressbar')).toHaveAttribute('value', '500');
  await card.getByRole('button', { name: 'Остановить' }).click();
  letGo();
  await expect(card.getByRole('status')).toContainText('Остановлено: принято 800 из 1000');
  await card.getByRole('button', { name: 'Продолжить' }).click();
  await expect(card.getByRole('status')).toContainText('Готово');
  await expect(card.locator('[data-result=recorded]')).toHaveText(/^1.?000$/);
  expect(cursors).toEqual([undefined, 'second', 'third']);
});

test.describe('a part that fails', () => {
  test.use({ excused: [/503/] });

  test('says so, and the rest stands', async ({ page, open }) => {
    let isDown = true;
    await page.route('**/api/admin/events?*', (route) => (isDown
      ? route.fulfill({ status: 503, json: { success: false, error: 'service_unavailable', message: 'The store does not answer.', request_id: 'r-1' } })
      : route.fallback()));
    await open('/admin/events');
    const list = page.getByRole('region', { name: 'События' });
    await expect(list.getByRole('alert')).toContainText('Не загрузилось. The store does not answer. Номер запроса r-1');
    await expect(page.getByRole('button', { name: 'Посмотреть, что будет принято' })).toBeEnabled();
    isDown = false;
    await list.getByRole('button', { name: 'Повторить' }).click();
    await expect(rows(page).first()).toBeVisible();
    await expect(list.getByRole('alert')).toHaveCount(0);
  });

  test('a replay that fails leaves what was and says why', async ({ page, request, open }) => {
    await postUnreadable(request, `deal-${newLead()}`);
    await page.route('**/api/admin/events/*/replay', (route) => route.fulfill({ status: 503, json: { success: false, message: 'Try again later.' } }));
    await open('/admin/events?period=today&outcome=quarantined');
    await rows(page).first().getByRole('link').click();
    await page.getByRole('button', { name: 'Принять заново' }).click();
    await expect(page.getByRole('alert')).toContainText('Try again later.');
    await expect(page.getByRole('group', { name: 'Что прислали' })).toBeVisible();
  });
});

test.describe('an event that is none', () => {
  test.use({ excused: [/404/] });

  test('says what to do', async ({ page, open }) => {
    await open('/admin/events/no-such-event');
    await expect(page.getByText('Такого события нет')).toBeVisible();
    await page.getByRole('link', { name: 'Все события' }).click();
    await expect(rows(page).first()).toBeVisible();
  });
});

test('events are read in English, on a phone, by keyboard and by a screen reader', async ({ page, open }) => {
  await page.addInitScript(() => localStorage.setItem('language', 'en'));
  await open('/admin/events?period=today');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Admin panel: Events');
  const list = page.getByRole('group', { name: 'Events' });
  await expect(list.locator('tbody tr').first()).toBeVisible();
  await expectAccessible(page);
  await expectFits(page, 360);
  await list.getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^Outcome/ })).toBeVisible();
  await expectAccessible(page);
  await expectFits(page, 360);
  await expect(page.locator('h1, h2, h3, main button, th').filter({ hasText: /[а-яё]/i })).toHaveCount(0);
});
