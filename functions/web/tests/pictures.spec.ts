// A picture of each page, as the documentation shows them. `PICTURES=../../docs/pictures` puts them there.

import type { Page } from '@playwright/test';
import { expect, newLead, postSale, test } from './stack';

const FOLDER = process.env['PICTURES'] ?? 'tests/results/pictures';

const PAGES: readonly (readonly [string, string])[] = [
  ['main', '/'],
  ['cabinet', '/traffic/cabinet/kenesary'],
  ['sales', '/sales'],
  ['settings-facebook', '/settings'],
  ['settings-keys', '/settings/keys'],
  ['settings-teams', '/settings/teams'],
  ['settings-products', '/settings/products'],
  ['settings-payment-stages', '/settings/payment-stages'],
  ['settings-notifications', '/settings/notifications'],
  ['settings-alerts', '/settings/alerts'],
  ['admin', '/admin'],
  ['diagnostics', '/admin/diagnostics'],
  ['tokens', '/admin/tokens'],
  ['reconciliation', '/admin/reconciliation'],
  ['incidents', '/admin/incidents'],
  ['events', '/admin/events'],
  ['dead-letters', '/admin/dead-letters'],
  ['utm-check', '/admin/utm-check'],
  ['notifications', '/admin/notifications'],
  ['audit', '/admin/audit'],
  ['explain', '/admin/explain'],
];

async function take(page: Page, name: string) {
  await page.waitForLoadState('networkidle');
  await expect(page.locator('.waiting')).toHaveCount(0);
  const picture = await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: 'disabled' });
  expect(picture.length).toBeGreaterThan(10_000);
}

for (const [name, path] of PAGES) {
  test(`a picture of ${name}`, async ({ page, open }) => {
    await open(path);
    await take(page, name);
  });
}

test('a picture of a sale', async ({ page, open, request }) => {
  const lead = newLead();
  await postSale(request, { lead, utm: 'kenesary_video' });
  await open(`/sales?period=today&q=${lead}`);
  await page.getByRole('link', { name: String(lead) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(String(lead));
  await take(page, 'sale');
});

test('a picture of signing in', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
  await take(page, 'sign-in');
});
