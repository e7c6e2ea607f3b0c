// Rules that decide about money: tried before they are saved, shown what they would move, applied, taken back, and explained.

import type { APIRequestContext, Page } from '@playwright/test';
import { ADMIN, BASE_URL, WEBHOOK_KEY, ask, expect, expectAccessible, expectFits, newLead } from './stack';
import { section, store, test, type Team } from './sections';

const ACCOUNT = 29600001;
const DAY = 86_400_000;

const bar = (page: Page) => page.locator('.save-bar');
const save = (page: Page) => bar(page).getByRole('button', { name: 'Сохранить', exact: true }).click();
const saved = (page: Page) => expect(bar(page).getByRole('status')).toHaveText('✓ Сохранено');

interface Sold {
  id: string;
  day: string;
  utm: string;
}

/** Sales of one deal's tag on a day of long ago that no other test looks at. */
async function sell(request: APIRequestContext, prices: readonly number[]): Promise<Sold[]> {
  const first = newLead();
  const at = Date.now() - Math.floor(60 + Math.random() * 240) * DAY;
  const day = new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Asia/Almaty' });
  const sold: Sold[] = [];
  for (const [place, price] of prices.entries()) {
    const lead = first + place;
    const form = {
      'account[id]': String(ACCOUNT), 'leads[status][0][id]': String(lead), 'leads[status][0][status_id]': '142',
      'leads[status][0][price]': String(price), 'leads[status][0][updated_at]': String(Math.floor(at / 1000)),
      'leads[status][0][custom_fields][0][name]': 'utm_campaign', 'leads[status][0][custom_fields][0][code]': 'UTM_CAMPAIGN',
      'leads[status][0][custom_fields][0][values][0][value]': `tag${first}`,
    };
    const answer = await request.post(`${BASE_URL}/api/amocrm/sales-webhook?key=${WEBHOOK_KEY}`, { form });
    const { results } = (await answer.json()) as { results: { outcome: string; sale_id: string }[] };
    expect(results[0]?.outcome).toBe('recorded');
    sold.push({ id: results[0]?.sale_id ?? '', day, utm: `tag${first}` });
  }
  return sold;
}

interface Funnel {
  teams: { team: string; totals: { revenue_kzt: number } }[];
  unattributed: { totals: { revenue_kzt: number } } | null;
}

/** What a day brought in, of a team or of nobody. */
async function revenue(request: APIRequestContext, day: string, of: string | null): Promise<number> {
  const funnel = await ask<Funnel>(request, ADMIN, `/api/traffic-dashboard/funnel?from=${day}&to=${day}`);
  const found = of === null ? funnel.unattributed : funnel.teams.find(({ team }) => team === of);
  return found?.totals.revenue_kzt ?? 0;
}

interface Moves {
  moves: { from: string | null; to: string | null; sales: number; leads: number; revenue_kzt: number }[];
}

test.describe('rules', () => {
  test.use({ changes: ['teams'], excused: [/(400|409).*settings\/teams/] });

  test('preview says what moves, applying moves it, and undoing moves it back', async ({ page, open, request }) => {
    test.setTimeout(400_000);
    const sales = await sell(request, [5000, 490_000]);
    const [{ day, utm } = { day: '', utm: '' }] = sales;
    const before = { nobody: await revenue(request, day, null), arystan: await revenue(request, day, 'arystan') };
    expect(before.nobody).toBeGreaterThanOrEqual(495_000);

    await open(`/settings/teams?from=${day}&to=${day}&utm_campaign=${utm}`);
    const team = page.getByRole('region', { name: 'Arystan' });
    await team.getByRole('button', { name: 'Добавить метку' }).click();
    await page.keyboard.type(utm);
    await expect(page.locator('[data-match=edited]')).toContainText(`Arystan utm_campaign: метка «${utm}»`);
    await expect(page.locator('[data-match=saved]')).toContainText('Никому');

    const answered = page.waitForResponse('**/api/admin/attribution/preview');
    await page.getByRole('button', { name: 'Посчитать' }).click();
    const { moves } = (await (await answered).json()) as Moves;
    expect(moves).toContainEqual({ from: null, to: 'arystan', sales: 2, leads: 0, revenue_kzt: 495_000 });
    const row = page.locator('[data-part=moves]').getByRole('row', { name: /Без команды.*Arystan/ });
    await expect(row).toContainText('2');
    await expect(row).toContainText('495 000 ₸');
    expect(await revenue(request, day, 'arystan'), 'a preview moves nothing').toBe(before.arystan);
    await expect(page.getByRole('button', { name: /Применить к периоду/ })).toBeDisabled();

    await save(page);
    await saved(page);
    expect(await revenue(request, day, 'arystan'), 'saving moves nothing that stands').toBe(before.arystan);
    await page.getByRole('button', { name: /Применить к периоду/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Применить' }).click();
    const job = page.locator('[data-part=job]');
    await expect(job).toHaveAttribute('data-state', 'done', { timeout: 150_000 });
    await expect(job.getByRole('status')).toContainText('Применение правил');
    await expect(job.getByRole('status')).toContainText('Перенесено сделок: 2, заявок: 0.');
    expect(await revenue(request, day, 'arystan')).toBe(before.arystan + 495_000);
    expect(await revenue(request, day, null)).toBe(before.nobody - 495_000);

    await job.getByRole('button', { name: 'Вернуть как было' }).click();
    await expect(job.getByRole('status')).toContainText('Отмена применения');
    await expect(job).toHaveAttribute('data-state', 'done', { timeout: 150_000 });
    expect(await revenue(request, day, 'arystan')).toBe(before.arystan);
    expect(await revenue(request, day, null)).toBe(before.nobody);

    const applied = page.getByRole('listitem').filter({ hasText: 'применены правила' }).first();
    await page.getByText('Раньше', { exact: true }).click();
    await applied.getByRole('button').click();
    await expect(job).toContainText('Уже отменено');
    await expect(job.getByRole('button', { name: 'Вернуть как было' })).toHaveCount(0);
  });

  test('the funnel’s page shows what was applied', async ({ page, open, request }) => {
    test.setTimeout(400_000);
    const [sale] = await sell(request, [5000]);
    if (!sale) return;
    const { value } = await section<Team[]>(request, 'teams');
    await store(request, 'teams', value.map((team) => (team.id === 'traf4' ? { ...team, patterns: [...team.patterns, { text: sale.utm, matching: 'word' }] } : team)));
    const was = await revenue(request, sale.day, 'traf4');
    await open(`/settings/teams?from=${sale.day}&to=${sale.day}`);
    await page.getByRole('button', { name: /Применить к периоду/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Применить' }).click();
    await expect(page.locator('[data-part=job]')).toHaveAttribute('data-state', 'done', { timeout: 150_000 });
    await page.goto(`/?from=${sale.day}&to=${sale.day}`);
    const now = await revenue(request, sale.day, 'traf4');
    expect(now).toBe(was + 5000);
    await expect(page.getByRole('row', { name: /Traf4/ })).toContainText(`${now.toLocaleString('ru-RU')} ₸`);
  });

  test('of two who save at once neither loses anything', async ({ page, open, request }) => {
    const mark = newLead();
    await open('/settings/teams');
    await page.getByRole('region', { name: 'Muha' }).getByRole('button', { name: 'Добавить метку' }).click();
    await page.keyboard.type(`mine${mark}`);
    const { value } = await section<Team[]>(request, 'teams');
    await store(request, 'teams', value.map((team) => (team.id === 'traf4' ? { ...team, patterns: [...team.patterns, { text: `theirs${mark}`, matching: 'anywhere' }] } : team)));
    await save(page);
    const conflict = page.getByRole('alert', { name: 'Пока вы меняли, раздел сохранил другой человек' });
    await expect(conflict.getByRole('group', { name: /Traf4.*изменил/ })).toContainText(`theirs${mark}`);
    await expect(conflict.getByRole('group', { name: /Muha.*изменили только вы/ })).toContainText(`mine${mark}`);
    await conflict.getByRole('button', { name: 'Соединить и продолжить' }).click();
    await save(page);
    await saved(page);
    const after = (await section<Team[]>(request, 'teams')).value;
    const patterns = (id: string) => after.find((team) => team.id === id)?.patterns.map(({ text }) => text);
    expect(patterns('muha')).toContain(`mine${mark}`);
    expect(patterns('traf4')).toContain(`theirs${mark}`);
  });

  test('what may not be is said at the pattern and the team', async ({ page, open, request }) => {
    const { version } = await section<Team[]>(request, 'teams');
    await open('/settings/teams');
    await page.getByRole('region', { name: 'Muha' }).getByRole('button', { name: 'Добавить метку' }).click();
    await page.getByRole('button', { name: 'Добавить команду' }).click();
    const added = page.getByRole('region', { name: 'Новая команда' });
    await added.getByLabel('Код').fill('Не латиница');
    await save(page);
    await expect(added.getByLabel('Код')).toHaveAccessibleDescription(/только строчные латинские буквы/);
    await expect(added.getByLabel('Название')).toHaveAttribute('aria-invalid', 'true');
    await page.getByRole('button', { name: /Muha, метка \d+: не должно быть пустым/ }).click();
    await expect(page.getByRole('region', { name: 'Muha' }).locator('input:focus')).toHaveAttribute('aria-invalid', 'true');
    expect((await section<Team[]>(request, 'teams')).version).toBe(version);
    await page.getByRole('button', { name: 'Отменить изменения' }).click();
    await expect(added).toHaveCount(0);
  });

  test('teams and patterns are put in order by the keyboard alone', async ({ page, open, request }) => {
    const { value } = await section<Team[]>(request, 'teams');
    const [first, second] = value;
    expect(second, 'two teams').toBeDefined();
    if (!first || !second) return;
    await open('/settings/teams');
    await page.getByRole('button', { name: `Ниже: ${first.title}`, exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('[data-team]').first()).toHaveAttribute('data-team', second.id);
    await expect(page.getByRole('button', { name: `Ниже: ${first.title}`, exact: true })).toBeFocused();
    await save(page);
    await saved(page);
    expect((await section<Team[]>(request, 'teams')).value.slice(0, 2).map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  test('an ad account is given to another team', async ({ page, open, request }) => {
    const { value } = await section<Team[]>(request, 'teams');
    const owner = value.find(({ ad_accounts }) => ad_accounts.length > 0);
    const next = value.find(({ id }) => id !== owner?.id);
    const account = owner?.ad_accounts[0];
    expect(account, 'an account of a team').toBeDefined();
    if (!owner || !next || !account) return;
    await open('/settings/facebook');
    const row = page.locator(`[data-account="${account}"]`);
    await row.getByLabel(/Команда/).selectOption(next.id);
    await save(page);
    await saved(page);
    const after = (await section<Team[]>(request, 'teams')).value;
    expect(after.find(({ id }) => id === next.id)?.ad_accounts).toContain(account);
    expect(after.find(({ id }) => id === owner.id)?.ad_accounts).not.toContain(account);
    await page.reload();
    await expect(row.getByLabel(/Команда/)).toHaveValue(next.id);
  });
});

test('rules that are being edited decide as the saved ones do, wherever words begin and end', async ({ page, open, request }) => {
  const { value: teams } = await section<Team[]>(request, 'teams');
  await open('/settings/teams');
  await page.getByRole('region', { name: 'Muha' }).getByRole('button', { name: 'Добавить метку' }).click();
  await page.keyboard.type('matches nothing here');
  const edited = page.locator('[data-match=edited]');
  for (const value of [
    'onai', 'konai', 'kz_onai', 'onai2', 'ONAI-kz', 'on ai', 'запуск', 'перезапуск', 'запуск2', 'ast_almaty', 'last_call', '3-1', '2026-3-1', '13-1', '3-11',
    'pb_agency', 'xpb_agencyx', 'kab3', 'kab33', 'nobody',
  ]) {
    await page.getByLabel('utm_campaign').fill(value);
    const { team } = await ask<Explained>(request, ADMIN, `/api/admin/attribution/explain?utm_campaign=${encodeURIComponent(value)}`);
    await expect(edited, value).toContainText(teams.find(({ id }) => id === team)?.title ?? 'Никому');
    await expect(page.locator('[data-match=saved]'), value).toContainText(teams.find(({ id }) => id === team)?.title ?? 'Никому');
  }
});

test.describe('products', () => {
  test('a preview of other prices says which sales become another product', async ({ page, open, request }) => {
    const [sale] = await sell(request, [7000]);
    if (!sale) return;
    await open(`/settings/products?from=${sale.day}&to=${sale.day}`);
    await page.getByRole('region', { name: 'Express' }).getByLabel('до, включительно').fill('7000');
    const answered = page.waitForResponse('**/api/admin/attribution/preview');
    await page.getByRole('button', { name: 'Посчитать' }).click();
    const { products } = (await (await answered).json()) as { products: { from: string | null; to: string | null; sales: number }[] };
    const change = products.find(({ to }) => to === 'express');
    expect(change?.sales).toBeGreaterThanOrEqual(1);
    const row = page.locator('[data-part=moves]').getByRole('row', { name: /Другое.*Express/ });
    await expect(row).toContainText(String(change?.sales));
    await page.getByRole('region', { name: 'Express' }).getByLabel('до, включительно').fill('8000');
    await expect(page.getByText('Правила или период с тех пор изменились')).toBeVisible();
  });
});

interface Explained {
  team: string | null;
  trail: { pattern: string | null; field: string | null };
  stands?: { team: string | null };
}

test.describe('explaining', () => {
  test('typed values say whose a sale would be, value by value, as the API does', async ({ page, open, request }) => {
    await open('/admin/explain');
    await expect(page.getByText('Пока нечего объяснять')).toBeVisible();
    await page.getByLabel('utm_source').fill('onai_browser');
    await page.getByLabel('utm_campaign').fill('nobodyknows');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/utm_source=onai_browser/);
    const told = await ask<Explained>(request, ADMIN, '/api/admin/attribution/explain?utm_campaign=nobodyknows&utm_source=onai_browser');
    const answer = page.getByRole('region', { name: 'По сегодняшним правилам' });
    await expect(answer).toContainText('Muha');
    expect(told.team).toBe('muha');
    await expect(answer).toContainText(`utm_source «onai_browser» содержит метку «${told.trail.pattern}»`);
    const steps = answer.getByRole('listitem');
    await expect(steps.nth(0)).toContainText('nobodyknows: — ни одна команда не узнаёт');
    await expect(steps.nth(1)).toContainText('onai_browser: ✓ решило');
  });

  test('a sale says how it stands, and that it is nobody’s', async ({ page, open, request }) => {
    const [sale] = await sell(request, [5000]);
    if (!sale) return;
    const told = await ask<Explained>(request, ADMIN, `/api/admin/attribution/explain?sale_id=${sale.id}`);
    expect(told.stands?.team).toBeNull();
    await open(`/admin/explain?sale_id=${sale.id}`);
    await expect(page.getByText('Сегодняшние правила решили бы так же.')).toBeVisible();
    const stands = page.getByRole('region', { name: 'Как записана сейчас' });
    await expect(stands).toContainText('Никому');
    await expect(stands).toContainText(sale.utm);
    await stands.getByRole('link', { name: 'Открыть продажу' }).click();
    await expect(page).toHaveURL(new RegExp(`/sales/${sale.id}`));
  });

  test('English, both themes and a phone', async ({ page, open }) => {
    await page.addInitScript(() => localStorage.setItem('language', 'en'));
    await open('/admin/explain?utm_campaign=onai_browser');
    await expect(page.getByRole('region', { name: 'By the rules of today' })).toContainText('utm_campaign “onai_browser” has the pattern “onai”');
    await expectAccessible(page);
    await expectFits(page, 360);
  });
});

test.describe('an unknown sale', () => {
  test.use({ excused: [/404.*attribution\/explain/] });

  test('is said to be unknown, and the form stays', async ({ page, open }) => {
    await open('/admin/explain?sale_id=29600001-1-express');
    await expect(page.getByRole('alert')).toContainText('There is no such sale');
    await expect(page.getByLabel('Номер продажи')).toHaveValue('29600001-1-express');
  });
});

test('teams with a trial and a preview fit a phone and are accessible', async ({ page, open, request }) => {
  const [sale] = await sell(request, [5000]);
  await open(`/settings/teams?from=${sale?.day}&to=${sale?.day}&utm_campaign=${sale?.utm}&utm_source=12345678`);
  await page.getByRole('region', { name: 'Muha' }).getByRole('button', { name: 'Добавить метку' }).click();
  await page.keyboard.type(sale?.utm ?? '');
  await page.getByRole('button', { name: 'Посчитать' }).click();
  await expect(page.locator('[data-part=moves]').getByRole('row', { name: /Без команды.*Muha/ })).toBeVisible();
  await expect(page.locator('[data-match=edited]')).toContainText('Muha');
  await expectAccessible(page);
  await expectFits(page, 360);
});
