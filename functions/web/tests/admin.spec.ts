// What is broken and where it is mended: overview, diagnostics, keys, dead letters, UTM check.

import type { APIRequestContext, Page } from '@playwright/test';
import type { components } from '../site/api/schema';
import { park, runScheduled } from './aws';
import { ADMIN, ask, BASE_URL, buyer, expect, expectAccessible, expectFits, newLead, session, test } from './stack';

type Schemas = components['schemas'];

const PAGES = ['/admin', '/admin/diagnostics', '/admin/tokens', '/admin/events', '/admin/dead-letters', '/admin/utm-check'] as const;
const tile = (page: Page, path: string) => page.locator(`[data-tile="${path}"]`);
const WEIGHTS = ['error', 'warning', 'ok'];

/** A hook that waits in the queue of hooks, whose sale is not known yet. */
async function parkSale(request: APIRequestContext, lead: number, reason: string) {
  const form = new URLSearchParams({
    'account[id]': '29600001', 'leads[status][0][id]': String(lead), 'leads[status][0][status_id]': '142', 'leads[status][0][price]': '5000',
    'leads[status][0][updated_at]': String(Math.floor(Date.now() / 1000)),
  });
  await park(request, 'HOOK_RETRY', { route: 'funnel', received_at: new Date().toISOString(), body: form.toString() }, reason);
}

/** Everything that the page asked for is there. */
async function settled(page: Page) {
  await page.waitForLoadState('networkidle');
  await expect(page.locator('.waiting')).toHaveCount(0);
}

/** Why each message of a queue is stuck. */
async function reasons(request: APIRequestContext): Promise<(string | null)[]> {
  const { items } = await ask<Schemas['DeadLettersAnswer']>(request, ADMIN, '/api/admin/dead-letters/hook-retry?limit=200');
  return items.map(({ reason }) => reason);
}

test('the overview says what the API says, and each part leads to where it is mended', async ({ page, request, open }) => {
  const { tokens } = await ask<Schemas['TokenHealthAnswer']>(request, ADMIN, '/api/admin/token-health');
  const { items: open_ } = await ask<Schemas['IncidentsAnswer']>(request, ADMIN, '/api/admin/incidents?state=open&limit=50');
  await open('/admin?period=7d');
  await expect(page.getByRole('group', { name: 'Можно ли верить цифрам' })).toContainText('Заявки');
  const keys = tile(page, '/admin/tokens');
  const troubled = tokens.filter(({ status }) => status !== 'ok').length;
  await expect(keys.locator('[data-status]')).toContainText(troubled ? `Нужно внимание: ${troubled}` : 'Все ключи работают');
  await expect(tile(page, '/admin/incidents').locator('[data-status]')).toHaveAttribute('data-status', open_.length ? 'error' : 'ok');
  for (const path of ['/admin/incidents', '/admin/diagnostics', '/admin/tokens', '/admin/dead-letters', '/admin/utm-check']) {
    await expect(tile(page, path).getByRole('link')).toHaveAttribute('href', `${path}?period=7d`);
  }
  await tile(page, '/admin/diagnostics').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Админ-панель: Диагностика');
  await expect(page.getByRole('navigation', { name: 'Админ-панель' }).locator('[aria-current=page]')).toHaveText('Диагностика');
});

test('what is stuck is seen on the overview, looked at, and sent again: some of it, then all', async ({ page, request, open }) => {
  const [first, second] = [newLead(), newLead()];
  await parkSale(request, first, `stuck-${first}`);
  await parkSale(request, second, `stuck-${second}`);
  await open('/admin');
  const letters = tile(page, '/admin/dead-letters');
  await expect(letters.locator('[data-status]')).toHaveAttribute('data-status', 'error');
  await expect(letters).toContainText('Хуки amoCRM');
  await letters.getByRole('link').click();

  await page.getByRole('row', { name: 'Хуки amoCRM' }).getByRole('link').click();
  await expect(page).toHaveURL(/queue=hook-retry/);
  const queue = page.getByRole('region', { name: 'Хуки amoCRM' });
  const row = (lead: number) => queue.getByRole('row').filter({ hasText: `stuck-${lead}` });
  await expect(row(first).getByRole('cell').nth(2)).toContainText(String(first));
  await expect(row(second)).toBeVisible();
  await expect(queue.getByRole('button', { name: 'Отправить выбранные (0)' })).toBeDisabled();

  await row(first).getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await queue.getByRole('button', { name: 'Отправить выбранные (1)' }).click();
  await expect(queue.getByRole('status').first()).toContainText('Отправлено: 1 сообщение.');
  await expect(row(first)).toHaveCount(0);
  await expect(row(second)).toBeVisible();
  expect(await reasons(request)).not.toContain(`stuck-${first}`);

  await queue.getByRole('button', { name: 'Отправить все ещё раз' }).click();
  await expect(row(second)).toHaveCount(0);
  expect(await reasons(request)).not.toContain(`stuck-${second}`);
});

test('diagnostics run with progress, and say the worst first, what to do and who can', async ({ page, request, open }) => {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => { letGo = resolve; });
  await page.route('**/api/admin/integrations/diagnostics', async (route) => {
    await held;
    await route.continue();
  });
  await open('/admin/diagnostics');
  const run = page.getByRole('button', { name: 'Проверить сейчас' });
  await run.click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Проверяем все части системы' })).toBeVisible();
  await expect(run).toBeDisabled();
  letGo();
  await expect(page.getByText('Проверка закончена.')).toBeVisible();
  await expect(page.getByText('Последняя проверка: только что')).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveCount(0);

  const { data } = await ask<Schemas['DiagnosticsLastAnswer']>(request, ADMIN, '/api/admin/integrations/diagnostics/last');
  const checks = page.locator('[data-check]');
  const shown = await checks.evaluateAll((found) =>
    found.map((check) => [check.getAttribute('data-check'), check.querySelector('[data-status]')?.getAttribute('data-status')]));
  expect(new Map(shown as [string, string][])).toEqual(new Map(data?.diagnostics.map(({ name, status }) => [name, status])));
  const weights = shown.map(([, status]) => WEIGHTS.indexOf(status ?? ''));
  expect(weights).toEqual([...weights].sort());

  const broken = data?.diagnostics.find(({ status, details }) => status === 'error' && details.what_to_do);
  const check = page.locator(`[data-check="${broken?.name}"]`);
  await expect(check).toContainText(broken?.message ?? 'an error was expected among the checks of a demo stack');
  await expect(check).toContainText(`Что сделать: ${broken?.details.what_to_do}`);
  await expect(check).toContainText('Кто может:');
  const details = check.locator('details');
  await expect(details.locator('dl').first()).toBeHidden();
  await details.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(details.locator('dl').first()).toBeVisible();
});

test.describe('one part that is down', () => {
  test.use({ excused: [/503/] });

  test('says so by itself, the rest of the overview stands, and it comes back', async ({ page, open }) => {
    let isDown = true;
    const answer = { status: 503, json: { success: false, error: 'service_unavailable', message: 'The store does not answer.' } };
    await page.route('**/api/admin/token-health', (route) => (isDown ? route.fulfill(answer) : route.fallback()));
    await open('/admin');
    const keys = tile(page, '/admin/tokens');
    await expect(keys.getByRole('alert')).toContainText('The store does not answer.');
    for (const path of ['/admin/incidents', '/admin/diagnostics', '/admin/dead-letters', '/admin/utm-check']) {
      await expect(tile(page, path).locator('[data-status]')).toBeVisible();
    }
    isDown = false;
    await keys.getByRole('button', { name: 'Повторить' }).click();
    await expect(keys.locator('[data-status]')).toBeVisible();
    await expect(keys.getByRole('alert')).toHaveCount(0);
  });

  test('leaves the last diagnostics where they were', async ({ page, request, open }) => {
    const { access_token: token } = await session(request, ADMIN);
    await request.post(`${BASE_URL}/api/admin/integrations/diagnostics`, { headers: { authorization: `Bearer ${token}` } });
    await page.route('**/api/admin/integrations/diagnostics', (route) => route.fulfill({ status: 503, json: { success: false, message: 'Busy.' } }));
    await open('/admin/diagnostics');
    await expect(page.locator('[data-check]').first()).toBeVisible();
    await page.getByRole('button', { name: 'Проверить сейчас' }).click();
    await expect(page.getByRole('alert')).toContainText('Busy.');
    await expect(page.locator('[data-check]').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Проверить сейчас' })).toBeEnabled();
  });
});

test('keys are checked when somebody asks, and each says how it stands', async ({ page, request, open }) => {
  await open('/admin/tokens');
  await page.getByRole('button', { name: 'Проверить сейчас' }).click();
  await expect(page.getByRole('status').filter({ hasText: /Проверено\.|Проверяли меньше 30 секунд назад/ })).toBeVisible();
  const { tokens } = await ask<Schemas['TokenHealthAnswer']>(request, ADMIN, '/api/admin/token-health');
  expect(tokens.length).toBeGreaterThan(4);
  for (const token of tokens) {
    const card = page.locator(`[data-token=${token.name}]`);
    await expect(card.locator('[data-status]')).toHaveAttribute('data-status', token.status);
    await expect(card.locator('[data-status]')).toContainText(token.valid ? 'Работает' : /Не работает|Не удалось спросить/);
    if (token.what_to_do) await expect(card).toContainText(token.what_to_do);
  }
  await page.getByRole('link', { name: 'Заменить ключ в настройках' }).click();
  await expect(page).toHaveURL(/\/settings\/keys$/);
});

test('a key that ends soon and one that is dead come first, with what to do', async ({ page, open }) => {
  const state = { checked_at: new Date().toISOString(), expires_at: null, days_left: null, balance: null, problem: null, what_to_do: null, last_known: null };
  const tokens: Schemas['TokenState'][] = [
    { ...state, name: 'telegram', status: 'ok', valid: true },
    { ...state, name: 'facebook', status: 'warning', valid: true, days_left: 3, expires_at: '2026-11-24T10:00:00+05:00', what_to_do: 'Make a new one.' },
    { ...state, name: 'amocrm', status: 'error', valid: false, problem: 'These scopes are missing: crm.', what_to_do: 'Give the scope.' },
  ];
  await page.route('**/api/admin/token-health', (route) => route.fulfill({ json: { success: true, tokens } }));
  await open('/admin/tokens');
  await expect(page.locator('[data-token] h2')).toHaveText(['amoCRM', 'Facebook', 'Telegram']);
  await expect(page.locator('[data-token=facebook]')).toContainText('3 дня до 24 ноя, 10:00');
  await expect(page.locator('[data-token=amocrm]')).toContainText('These scopes are missing: crm.');
  await page.goto('/admin');
  await expect(tile(page, '/admin/tokens').locator('.lines li')).toHaveText(['amoCRM: не работает', 'Facebook: осталось 3 дня']);
});

test('the UTM check shows what broken tags cost, the most expensive first, of each team, with a way to the ad', async ({ page, request, open }) => {
  await runScheduled(request, 'utm-check');
  await open('/admin/utm-check');
  const ads = page.locator('[data-ad]');
  await expect(ads.first()).toBeVisible();
  const all = await ask<Schemas['UtmCheckAnswer']>(request, ADMIN, '/api/admin/utm-check');
  expect(all.summary.with_findings).toBeGreaterThan(1);
  const summary = page.getByRole('region', { name: 'Что нашла последняя проверка' });
  await expect(summary).toContainText(`${all.summary.with_findings} из ${all.summary.ads} объявлений`);
  const spends = all.items.map(({ spend_kzt: spend }) => spend ?? 0);
  expect(spends).toEqual([...spends].sort((one, other) => other - one));
  await expect.poll(() => ads.evaluateAll((found) => found.map((ad) => ad.getAttribute('data-ad')))).toEqual(all.items.map(({ ad_id: id }) => id));

  const team = all.items.find((ad) => ad.team && ad.campaign_id)?.team ?? '';
  const asked = page.waitForResponse((answer) => answer.url().includes(`team=${team}`));
  await page.getByLabel('Команда').selectOption(team);
  const ofTeam = (await (await asked).json()) as Schemas['UtmCheckAnswer'];
  await expect(page).toHaveURL(new RegExp(`team=${team}`));
  await expect(ads).toHaveCount(ofTeam.items.length);
  expect(ofTeam.items.every((ad) => ad.team === team)).toBe(true);
  const digits = async () => (await summary.locator('[data-figure=risk]').textContent())?.replace(/\D/g, '');
  await expect.poll(digits).toBe(String(ofTeam.summary.spend_at_risk_kzt));

  const dearest = ofTeam.items.find((ad) => ad.campaign_id);
  await page.locator(`[data-ad="${dearest?.ad_id}"]`).getByRole('link', { name: 'Кампания в кабинете' }).click();
  await expect(page).toHaveURL(new RegExp(`/traffic/cabinet/${team}\\?campaign=${dearest?.campaign_id}`));
  await expect(page.locator('main')).toContainText(dearest?.campaign_name ?? '');
});

test.describe('a buyer', () => {
  test.use({ excused: [/403/] });

  test('gets nothing of it from the API either', async ({ request }) => {
    const { access_token: token } = await session(request, buyer('muha'));
    for (const path of ['token-health', 'dead-letters', 'events', 'utm-check', 'integrations/diagnostics/last', 'incidents?state=open']) {
      const answer = await request.get(`${BASE_URL}/api/admin/${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status(), path).toBe(403);
    }
  });
});

test('an admin page that is none says so', async ({ page, open }) => {
  for (const path of ['/admin/nothing', '/admin/tokens/more']) {
    await open(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Такой страницы нет');
  }
});

for (const path of PAGES) {
  test(`${path} is in English, on a phone, in both themes, and does not jump`, async ({ page, open }) => {
    const jumped = async () => Number((await page.locator('html').getAttribute('data-shift')) ?? 0);
    await page.addInitScript(() => {
      localStorage.setItem('language', 'en');
      let shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
          if (!hadRecentInput) shift += value;
        }
        document.documentElement.dataset['shift'] = String(shift);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await open(path);
    await settled(page);
    expect(await jumped()).toBeLessThan(0.1);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Admin panel: /);
    await expect(page.locator('h1, h2, th, main button, .admin-links a, .badge').filter({ hasText: /[а-яё]/i })).toHaveCount(0);
    await expectAccessible(page);
    await expectFits(page, 360);
    await page.reload();
    await settled(page);
    expect(await jumped()).toBeLessThan(0.1);
    await expect(page.locator('.admin-links [aria-current=page]')).toBeInViewport({ ratio: 1 });
  });
}
