// What every test of a page has: somebody signed in, and a page that may not complain, break a request or ask elsewhere.

import AxeBuilder from '@axe-core/playwright';
import { expect, test as plain, type APIRequestContext, type Page } from '@playwright/test';

export { expect };

export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: export the variables of the stack's env file`);
  return value;
}

export const BASE_URL = variable('BASE_URL');
export const WEBHOOK_KEY = variable('WEBHOOK_KEY');

export interface Login {
  email: string;
  password: string;
}

export const ADMIN: Login = { email: variable('ADMIN_EMAIL'), password: variable('ADMIN_PASSWORD') };
export const buyer = (team: string): Login => ({
  email: variable(`BUYER_EMAIL_${team.toUpperCase()}`), password: variable(`BUYER_PASSWORD_${team.toUpperCase()}`),
});

interface Session {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

/** Ten tries in a quarter of an hour are let in, so each login signs in once for all tests of a worker. */
const sessions = new Map<string, Session>();

export async function session(request: APIRequestContext, login: Login): Promise<Session> {
  const known = sessions.get(login.email);
  if (known) return known;
  const answer = await request.post(`${BASE_URL}/api/auth/login`, { data: login });
  expect(answer.status(), await answer.text()).toBe(200);
  const session = (await answer.json()) as Session;
  sessions.set(login.email, session);
  return session;
}

/** Asks the API as somebody, beside the page. */
export async function ask<T>(request: APIRequestContext, login: Login, path: string): Promise<T> {
  const { access_token } = await session(request, login);
  const answer = await request.get(`${BASE_URL}${path}`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(answer.status(), await answer.text()).toBe(200);
  return (await answer.json()) as T;
}

export interface Hook {
  lead: number;
  /** The route behind `/api/amocrm/`. */
  route?: 'funnel-sale' | 'sales-webhook';
  price?: number;
  utm?: string;
  /** 142 is won, 143 lost. */
  stage?: number;
  /** When it happened; now, where nothing is said. */
  at?: Date;
}

/** A sale, as amoCRM tells of it. */
export async function postSale(request: APIRequestContext, { lead, route = 'funnel-sale', price = 5000, utm = 'onai_browser', stage = 142, at = new Date() }: Hook) {
  const form = {
    'account[id]': '29600001',
    'leads[status][0][id]': String(lead),
    'leads[status][0][status_id]': String(stage),
    'leads[status][0][price]': String(price),
    'leads[status][0][updated_at]': String(Math.floor(at.getTime() / 1000)),
    'leads[status][0][custom_fields][0][name]': 'utm_campaign',
    'leads[status][0][custom_fields][0][code]': 'UTM_CAMPAIGN',
    'leads[status][0][custom_fields][0][values][0][value]': utm,
  };
  const answer = await request.post(`${BASE_URL}/api/amocrm/${route}?key=${WEBHOOK_KEY}`, { form });
  const { results } = (await answer.json()) as { results: { outcome: string }[] };
  expect(results[0]?.outcome).toBe(stage === 143 ? 'updated' : 'recorded');
}

/** A lead that no other test has. */
export function newLead(): number {
  return 500_000_000 + Math.floor(Math.random() * 400_000_000);
}

interface Fixtures {
  /** Signs somebody in without the form, and opens a page. */
  open: (path: string, login?: Login) => Promise<void>;
  /** Complaints that a test expects, such as a refused request. */
  excused: RegExp[];
}

export const test = plain.extend<Fixtures>({
  excused: async ({}, use) => use([]),
  page: async ({ page, excused }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(BASE_URL) && !/^(data|blob):/.test(request.url())) complaints.push(`elsewhere: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    await use(page);
    const unexpected = complaints.filter((complaint) => !excused.some((excuse) => excuse.test(complaint)));
    expect(unexpected, 'errors on the page, failed requests, or requests to elsewhere').toEqual([]);
  },
  open: async ({ page, request }, use) => {
    await use(async (path, login = ADMIN) => {
      const held = JSON.stringify(await session(request, login));
      await page.addInitScript((text) => localStorage.setItem('session', text), held);
      await page.goto(path);
      await expect(page.locator('h1')).toBeVisible();
    });
  },
});

/** No serious violation of the accessibility rules, in the light and in the dark theme. */
export async function expectAccessible(page: Page) {
  for (const theme of ['light', 'dark']) {
    await page.evaluate((name) => { document.documentElement.dataset['theme'] = name; }, theme);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${theme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
  }
}

/** The page is as wide as the screen: only what scrolls within itself is wider. */
export async function expectFits(page: Page, width: number) {
  await page.setViewportSize({ width, height: 800 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}
