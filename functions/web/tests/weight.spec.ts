// How much is sent before the headline figures stand, and in all.

import type { CDPSession } from '@playwright/test';
import { expect, test } from './stack';

const KB = 1024;

/** The bytes of script that came over the wire, from now on. */
async function scripts(cdp: CDPSession): Promise<() => number> {
  const isScript = new Set<string>();
  let bytes = 0;
  cdp.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') isScript.add(requestId);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (isScript.has(requestId)) bytes += encodedDataLength;
  });
  await cdp.send('Network.enable');
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  return () => bytes;
}

test('under 200 KB of script come before the headline, and under 450 KB in all', async ({ page, open }) => {
  const sent = await scripts(await page.context().newCDPSession(page));
  await open('/');
  await expect(page.locator('[data-figure=revenue] .big')).toBeVisible();
  const before = sent();
  expect(before).toBeGreaterThan(10 * KB);
  expect(before).toBeLessThan(200 * KB);

  await expect(page.locator('canvas').first()).toBeVisible();
  for (const link of ['/sales', '/traffic/cabinet/kenesary', '/settings', '/admin']) {
    await page.locator(`.sidebar a[href^="${link}"]`).click();
    await expect(page.locator('h1')).toBeVisible();
    await page.waitForLoadState('networkidle');
  }
  expect(sent()).toBeLessThan(450 * KB);
});

test('files are compressed and kept for ever, and the page allows nothing from elsewhere', async ({ request, page, open }) => {
  await open('/');
  const script = await page.locator('script[src]').first().getAttribute('src');
  const file = await request.get(script ?? '', { headers: { 'accept-encoding': 'br' } });
  expect(file.headers()['content-encoding']).toBe('br');
  expect(file.headers()['cache-control']).toBe('public, max-age=31536000, immutable');
  const html = await request.get('/traffic/cabinet/muha');
  expect(html.headers()['cache-control']).toBe('no-cache');
  expect(html.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  const again = await request.get('/', { headers: { 'if-none-match': html.headers()['etag'] ?? '' } });
  expect(again.status()).toBe(304);
});
