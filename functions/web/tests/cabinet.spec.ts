// A team's cabinet: its own figures, the way down to an ad, and nobody else's.

import type { Page } from '@playwright/test';
import type { components } from '../site/api/schema';
import { dayFromNow, expectLoaded, funnel, headline, number, numbers, PAST, setLanguage, tableRows, watchShifts, written } from './shown';
import { ADMIN, ask, BASE_URL, buyer, expect, expectAccessible, expectFits, session, test } from './stack';

type Schemas = components['schemas'];
type AdRow = Schemas['InsightRow'];

const TEAM = 'kenesary';
const CABINET = `/traffic/cabinet/${TEAM}`;

function adRows(request: Parameters<typeof ask>[0], level: 'campaign' | 'adset' | 'ad', period = PAST): Promise<Schemas['InsightsAnswer']> {
  return ask(request, ADMIN, `/api/facebook-ads/insights?team=${TEAM}&level=${level}&${period}&limit=500`);
}

/** Rows on the screen, by what is counted of each. */
async function shownAds(page: Page) {
  const rows = await tableRows(page.locator('[data-level]'));
  return rows.map(([name = '', spend = '', , impressions = '', clicks = '', , leads = '', , sales = '', , revenue = '']) =>
    [name, ...[spend, impressions, clicks, leads, sales, revenue].map(number)]);
}

/** The same of the API, the dearest first. */
function writtenAds(rows: AdRow[], name: (row: AdRow) => string | null | undefined) {
  return [...rows]
    .sort((a, b) => (b.spend_kzt ?? 0) - (a.spend_kzt ?? 0))
    .map((row) => [name(row), row.spend_kzt, row.impressions, row.clicks, row.leads, row.sales, row.revenue_kzt]);
}

const inOrder = <T>(rows: T[]) => rows.map((row) => JSON.stringify(row)).sort();

test('the cabinet shows the team\'s figures, in both languages', async ({ page, open, request }) => {
  await open(`${CABINET}?${PAST}`);
  for (const language of ['ru', 'en'] as const) {
    await setLanguage(page, language);
    await expect.poll(() => headline(page)).toEqual(written(await funnel(request, `${PAST}&team=${TEAM}`)));
    await expect(page.locator('[data-level=campaign] tbody tr').first()).toBeVisible();
  }
  const { rows } = await adRows(request, 'campaign');
  expect(inOrder(await shownAds(page))).toEqual(inOrder(writtenAds(rows, (row) => row.campaign_name)));
});

test('from a campaign to an ad by clicks, and back; a link opens the same', async ({ page, open, request }) => {
  const [campaigns, adsets, ads] = [await adRows(request, 'campaign'), await adRows(request, 'adset'), await adRows(request, 'ad')];
  const [first] = [...ads.rows].sort((a, b) => (b.spend_kzt ?? 0) - (a.spend_kzt ?? 0));
  expect(first, 'the stack has ads of the team').toBeDefined();
  const { campaign_id = '', adset_id = '', campaign_name = '', adset_name = '', ad_name = '' } = first as AdRow;

  await open(`${CABINET}?${PAST}`);
  await page.locator('[data-level=campaign]').getByRole('link', { name: campaign_name ?? '', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`campaign=${campaign_id}`));
  await expect(page.getByRole('heading', { name: 'Группы объявлений' })).toBeVisible();
  await expect(page.locator('[data-level=adset] tbody tr').first()).toBeVisible();
  const ofCampaign = adsets.rows.filter((row) => row.campaign_id === campaign_id);
  expect(inOrder(await shownAds(page))).toEqual(inOrder(writtenAds(ofCampaign, (row) => row.adset_name)));

  await page.locator('[data-level=adset]').getByRole('link', { name: adset_name ?? '', exact: true }).press('Enter');
  await expect(page).toHaveURL(new RegExp(`campaign=${campaign_id}&adset=${adset_id}`));
  await expect(page.locator('[data-level=ad] tbody')).toContainText(ad_name ?? '');
  const ofSet = ads.rows.filter((row) => row.adset_id === adset_id);
  expect(inOrder(await shownAds(page))).toEqual(inOrder(writtenAds(ofSet, (row) => row.ad_name)));

  const crumbs = page.getByRole('navigation', { name: 'Где вы' });
  await expect(crumbs).toHaveText(`Кампании${campaign_name}${adset_name}`);
  const again = await page.context().newPage();
  await again.goto(page.url());
  await expect(again.locator('[data-level=ad] tbody tr')).toHaveCount(ofSet.length);
  await again.close();

  await page.goBack();
  await expect(page.locator('[data-level=adset] tbody tr')).toHaveCount(ofCampaign.length);
  await crumbs.getByRole('link', { name: 'Кампании' }).click();
  await expect(page.locator('[data-level=campaign] tbody tr')).toHaveCount(campaigns.rows.length);
  await expect(page).not.toHaveURL(/campaign=/);
});

test('what stands under a campaign and what could not be placed make the campaign', async ({ page, open, request }) => {
  const [campaigns, adsets] = [await adRows(request, 'campaign'), await adRows(request, 'adset')];
  for (const campaign of campaigns.rows) {
    const under = adsets.rows.filter((row) => row.campaign_id === campaign.campaign_id);
    expect(under.reduce((sum, row) => sum + (row.spend_kzt ?? 0), 0), campaign.campaign_name ?? '').toBe(campaign.spend_kzt);
  }
  const whole = campaigns.rows.find((row) => row.sales > 0) ?? campaigns.rows[0];
  await open(`${CABINET}?${PAST}&campaign=${whole?.campaign_id}`);
  const table = page.locator('[data-level=adset]');
  await expect(table.locator('tbody tr').first()).toBeVisible();
  const [total = []] = await tableRows(table, 'tfoot');
  const under = adsets.rows.filter((row) => row.campaign_id === whole?.campaign_id);
  const rest = (whole?.sales ?? 0) - under.reduce((sum, row) => sum + row.sales, 0);
  expect(number(total[1] ?? '')).toBe(whole?.spend_kzt);
  if (rest > 0) await expect(page.locator('[data-part=rest]')).toContainText(`продажи ${rest},`);
  else expect(number(total[8] ?? '')).toBe(whole?.sales);
});

test('spend stands in tenge and in its own currency, with the rate', async ({ page, open, request }) => {
  await open(`${CABINET}?${PAST}`);
  const { rows } = await adRows(request, 'campaign');
  const [dearest] = [...rows].sort((a, b) => (b.spend_kzt ?? 0) - (a.spend_kzt ?? 0));
  const row = page.locator('[data-level=campaign] tbody tr').first();
  const own = row.locator('td').nth(2);
  expect(number((await row.locator('td').nth(1).textContent()) ?? '')).toBe(dearest?.spend_kzt);
  expect(number(((await own.textContent()) ?? '').split('$')[0] ?? '')).toBe((dearest?.spend?.amount ?? 0) / 100);
  expect(number((await own.locator('small').textContent()) ?? '')).toBe(Number(dearest?.rate?.value.toFixed(2)));
  await expect(page.getByRole('region', { name: 'Рекламные кабинеты' })).toContainText('USD');
});

test('rows sort by any column, and the search narrows them', async ({ page, open, request }) => {
  await open(`${CABINET}?${PAST}`);
  const table = page.locator('[data-level=campaign]');
  const column = async (index: number) => numbers(table.locator(`tbody td:nth-child(${index})`));
  await expect(table.locator('th[aria-sort=descending]')).toHaveText('Расходы');
  const clicks = table.getByRole('button', { name: 'Клики' });
  await clicks.click();
  const falling = await column(5);
  expect(falling).toEqual([...falling].sort((a, b) => (b ?? 0) - (a ?? 0)));
  await clicks.press('Enter');
  expect(await column(5)).toEqual([...falling].reverse());

  const { rows } = await adRows(request, 'campaign');
  const sought = rows[0]?.campaign_name ?? '';
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type(sought.toUpperCase());
  await expect(table.locator('tbody tr')).toHaveCount(rows.filter((row) => row.campaign_name?.includes(sought)).length);
  await expect(page).toHaveURL(/q=/);
  await page.getByRole('searchbox').fill('there is no such campaign');
  await expect(page.getByText('Ничего не нашлось')).toBeVisible();
  await page.getByRole('button', { name: 'Показать всё' }).click();
  await expect(table.locator('tbody tr')).toHaveCount(rows.length);
});

test('what Facebook may still change is marked, and older figures are not', async ({ page, open, request }) => {
  await open(`${CABINET}?period=7d`);
  const table = page.locator('[data-level=campaign]');
  const { rows } = await adRows(request, 'campaign', `from=${dayFromNow(-6)}&to=${dayFromNow(0)}`);
  await expect(table.locator('tbody .unsettled')).toHaveCount(rows.filter((row) => !row.settled).length);
  await expect(table.locator('tbody .unsettled').first()).toContainText('ещё может измениться');
  const old = `from=${dayFromNow(-50)}&to=${dayFromNow(-40)}`;
  await page.goto(`${CABINET}?${old}`);
  const settled = await adRows(request, 'campaign', old);
  await expect(table.locator('tbody tr')).toHaveCount(settled.rows.length);
  await expect(table.locator('tbody .unsettled')).toHaveCount(0);
});

test('by lead date the figures are those of the lead\'s day', async ({ page, open, request }) => {
  await open(`${CABINET}?${PAST}`);
  await page.getByRole('button', { name: 'По дате заявки' }).click();
  await expect(page).toHaveURL(/basis=lead_date/);
  await expect.poll(() => headline(page)).toEqual(written(await funnel(request, `${PAST}&team=${TEAM}&basis=lead_date`)));
  await page.getByRole('group', { name: 'Вид: Выручка и расходы по дням' }).getByRole('button', { name: 'Таблица' }).click();
  const days = page.getByRole('table', { name: 'Выручка и расходы по дням' });
  await expect(days.locator('tbody tr')).toHaveCount(35);
  const { spend, revenue, leads, express, flagship } = written(await funnel(request, `${PAST}&team=${TEAM}&basis=lead_date`));
  const [total = []] = await tableRows(days, 'tfoot');
  expect(total.slice(1, 6).map(number)).toEqual([spend, revenue, leads, express, flagship]);
  await expect(page.locator('main')).toContainText('Продажи в этой таблице всегда по дате продажи.');
});

test('a buyer sees the own team, and no other', async ({ page, open, request }) => {
  const asked: string[] = [];
  page.on('request', (sent) => asked.push(sent.url()));
  await open('/', buyer(TEAM));
  await expect(page).toHaveURL(new RegExp(`${CABINET}$`));
  await expect(page.locator('[data-figure]')).toHaveCount(7);
  await expect(page.locator('.sidebar a[href*="/cabinet/"]')).toHaveCount(1);
  await expect(page.locator('.sidebar a[href^="/admin"], .sidebar a[href^="/settings"]')).toHaveCount(0);

  await page.goto('/traffic/cabinet/muha');
  await expect(page.locator('h1')).toHaveText('Нет доступа');
  await expect(page.locator('main').getByRole('link', { name: /Kenesary/ })).toHaveAttribute('href', CABINET);
  await expect(page.locator('[data-figure]')).toHaveCount(0);
  expect(asked.filter((url) => url.includes('muha') && url.includes('/api/'))).toEqual([]);
  await expectAccessible(page);

  const { access_token } = await session(request, buyer(TEAM));
  const refused = await request.get(`${BASE_URL}/api/traffic-dashboard/funnel?team=muha`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(refused.status()).toBe(403);
});

test('an admin who opens a team that is not there is told so', async ({ page, open }) => {
  await open('/traffic/cabinet/nobody');
  await expect(page.locator('[data-figure]')).toHaveCount(0);
  await expect(page.locator('h1')).toHaveText('Такой страницы нет');
});

test('without insights the figures stand, and the part that failed says so', async ({ page, open, request, excused }) => {
  excused.push(/Failed to load resource/, /^503 /);
  const insights = /\/api\/facebook-ads\/insights/;
  await page.route(insights, (route) => route.fulfill({ status: 503, json: { success: false, error: 'service_unavailable', message: 'broken by a test' } }));
  await open(`${CABINET}?${PAST}`);
  await expect(page.getByRole('alert').filter({ hasText: 'Кампании: не загрузилось' })).toBeVisible();
  expect(await headline(page)).toEqual(written(await funnel(request, `${PAST}&team=${TEAM}`)));
  await page.unroute(insights);
  await page.getByRole('alert').filter({ hasText: 'Кампании' }).getByRole('button', { name: 'Повторить' }).click();
  await expect(page.locator('[data-level=campaign] tbody tr').first()).toBeVisible();
});

for (const width of [1440, 360]) {
  test(`at ${width} px it fits, does not jump, and is accessible in both themes`, async ({ page, open, request }) => {
    const { rows } = await adRows(request, 'adset');
    await page.setViewportSize({ width, height: 900 });
    const shifts = await watchShifts(page);
    await open(`${CABINET}?${PAST}&campaign=${rows[0]?.campaign_id}`);
    await expectLoaded(page);
    await page.waitForLoadState('networkidle');
    expect(await shifts()).toBeLessThan(0.1);
    await expectFits(page, width);
    await expectAccessible(page);
  });
}
