// A picture of each page, as the documentation shows them. `PICTURES=../../docs/pictures` puts them there.

import { expect, test } from './stack';

const FOLDER = process.env['PICTURES'] ?? 'tests/results/pictures';

const PAGES: readonly (readonly [string, string])[] = [
  ['main', '/'],
  ['cabinet', '/traffic/cabinet/kenesary'],
  ['sales', '/sales'],
  ['settings-facebook', '/settings'],
  ['settings-teams', '/settings/teams'],
  ['admin', '/admin'],
  ['diagnostics', '/admin/diagnostics'],
  ['tokens', '/admin/tokens'],
  ['reconciliation', '/admin/reconciliation'],
  ['events', '/admin/events'],
  ['incidents', '/admin/incidents'],
  ['audit', '/admin/audit'],
];

for (const [name, path] of PAGES) {
  test(`a picture of ${name}`, async ({ page, open }) => {
    await open(path);
    await page.waitForLoadState('networkidle');
    await expect(page.locator('.waiting')).toHaveCount(0);
    const picture = await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: 'disabled' });
    expect(picture.length).toBeGreaterThan(10_000);
  });
}
