// The page in a real browser, over a running stack whose variables are in the environment.
// A condition is waited for with a deadline; nothing waits for a fixed time.

import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { chromium } from 'playwright-core';

const { BASE_URL, ADMIN_EMAIL, ADMIN_PASSWORD, BUYER_EMAIL_MUHA, BUYER_PASSWORD_MUHA, WEBHOOK_KEY } = process.env;
assert.ok(BASE_URL, 'BASE_URL is not set: start the stack with `make up` and export the variables of its env file');

// No calls to the outside, and no sandbox of its own where tests run as root.
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser;
let page;
let complaints;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
});
after(() => browser.close());

beforeEach(async () => {
  page = await browser.newPage({ locale: 'ru-RU', viewport: { width: 1200, height: 900 } });
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(BASE_URL) && !/^(data|blob):/.test(request.url())) complaints.push(request.url());
  });
});
afterEach(async () => {
  await page.close();
  assert.deepEqual(complaints, [], 'errors on the page, or requests to elsewhere');
});

async function signIn(email, password) {
  await page.goto(`${BASE_URL}/`);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', password);
  await page.click('#login button');
}

async function postSale(lead) {
  const now = Math.floor(Date.now() / 1000);
  const fields = {
    'account[id]': 29600001,
    'leads[status][0][id]': lead,
    'leads[status][0][status_id]': 142,
    'leads[status][0][price]': 5000,
    'leads[status][0][updated_at]': now,
    'leads[status][0][custom_fields][0][name]': 'utm_campaign',
    'leads[status][0][custom_fields][0][code]': 'UTM_CAMPAIGN',
    'leads[status][0][custom_fields][0][values][0][value]': 'onai_<b>browser</b>',
  };
  const response = await fetch(`${BASE_URL}/api/amocrm/funnel-sale?key=${WEBHOOK_KEY}`, {
    method: 'POST', body: new URLSearchParams(fields),
  });
  assert.equal((await response.json()).results[0].outcome, 'recorded');
}

const cells = (row) => page.locator(`#teams tr:has-text("${row}") td`).allTextContents();
const express = 4;
const count = async (row) => Number((await cells(row))[express]);

test('a wrong password is said in words and lets nobody in', async () => {
  await signIn('nobody@demo.local', 'Wrong-password-1');
  await page.waitForSelector('#login .problem:not(:empty)');
  assert.equal(await page.textContent('#login .problem'), 'Неверный e-mail или пароль.');
  assert.equal(await page.isVisible('#dashboard'), false);
});

test('a hook moves the funnel, and the row says why it is whose', async () => {
  const lead = 500_000_000 + Math.floor(Math.random() * 400_000_000);
  await signIn(ADMIN_EMAIL, ADMIN_PASSWORD);
  await page.waitForSelector('#teams tbody tr');
  const before = [await count('Muha'), await count('Всего')];
  await postSale(lead);
  await page.click('nav button:has-text("30 дней")');
  await page.waitForSelector(`#sales tr:has-text("${lead}")`);
  assert.deepEqual([await count('Muha'), await count('Всего')], before.map((sales) => sales + 1));
  const row = await page.textContent(`#sales tr:has-text("${lead}")`);
  assert.ok(row.includes('utm_campaign = «onai_<b>browser</b>» → onai'), row);
});

test('a buyer sees the own team and nothing of the others', async () => {
  await signIn(BUYER_EMAIL_MUHA, BUYER_PASSWORD_MUHA);
  await page.waitForSelector('#teams tbody tr');
  assert.equal(await page.locator('#teams tbody tr').count(), 1);
  assert.match((await cells('Muha'))[0], /Muha/);
});

test('after signing out the figures are gone, also for a reload', async () => {
  await signIn(ADMIN_EMAIL, ADMIN_PASSWORD);
  await page.waitForSelector('#teams tbody tr');
  await page.click('#logout');
  await page.waitForSelector('#login:not([hidden])');
  await page.reload();
  await page.waitForSelector('#login:not([hidden])');
  assert.equal(await page.isVisible('#dashboard'), false);
});

test('on a phone the page is as wide as the screen', async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  await signIn(ADMIN_EMAIL, ADMIN_PASSWORD);
  await page.waitForSelector('#teams tbody tr');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
});
