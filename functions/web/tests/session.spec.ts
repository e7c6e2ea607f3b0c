// Who is let in and for how long, and what a browser remembers of a person.

import type { APIRequestContext, Page } from '@playwright/test';
import { ADMIN, BASE_URL, buyer, expect, expectAccessible, expectFits, test, type Login } from './stack';

/** Signing out ends every session of a person, so nobody signs out here whom other tests need for long. */
const SOMEBODY = buyer('traf4');

interface Tokens {
  access_token: string;
  refresh_token: string;
}

async function fresh(request: APIRequestContext, login: Login): Promise<Tokens> {
  const answer = await request.post(`${BASE_URL}/api/auth/login`, { data: login });
  expect(answer.status()).toBe(200);
  return (await answer.json()) as Tokens;
}

/** Opens a page with these tokens. Unlike an init script this does not put them back when the page is opened anew. */
async function openWith(page: Page, tokens: Tokens, path: string) {
  await page.goto('/login');
  await page.evaluate((text) => localStorage.setItem('session', text), JSON.stringify(tokens));
  await page.goto(path);
}

const held = (page: Page) => page.evaluate(() => localStorage.getItem('session'));

async function signIn(page: Page, { email, password }: Login) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Пароль').fill(password);
  await page.getByRole('button', { name: 'Войти' }).click();
}

test.describe('the form', () => {
  test.use({ excused: [/401/] });

  test('says why it fails, lets in, and out for good', async ({ page }) => {
    await page.goto('/traffic/cabinet/traf4');
    // An unknown person is answered as a wrong password is, and uses up nobody's tries.
    await signIn(page, { email: 'nobody@demo.local', password: 'wrong-password-1' });
    await expect(page.getByRole('alert')).toHaveText('Неверный e-mail или пароль.');
    expect(await held(page)).toBeNull();

    await signIn(page, SOMEBODY);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Traf4');
    await expect(page.getByText('₸').first()).toBeVisible();

    await page.getByRole('button', { name: 'Выйти' }).click();
    await expect(page.getByLabel('Пароль')).toBeVisible();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    for (const path of ['/traffic/cabinet/traf4', '/sales', '/admin']) {
      await page.goto(path);
      await expect(page.getByLabel('Пароль')).toBeVisible();
      await expect(page.getByText('₸')).toHaveCount(0);
    }
    expect(asked.filter((path) => path.startsWith('/api/'))).toEqual([]);
  });

  test('is usable by keyboard, in both languages and by a screen reader', async ({ page }) => {
    await page.goto('/login');
    await expect(page.getByLabel('E-mail')).toBeFocused();
    await expectAccessible(page);
    await expectFits(page, 360);
    await page.getByRole('button', { name: 'English' }).click();
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await page.getByLabel('E-mail').fill('nobody@demo.local');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong-password-2');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toHaveText('Wrong e-mail or password.');
  });
});

test.describe('too many tries and a service that is down', () => {
  test.use({ excused: [/429|503/] });

  test('are said in words', async ({ page }) => {
    let status = 429;
    await page.route('**/api/auth/login', (route) => route.fulfill({ status, json: { success: false, error: 'rate_limited' } }));
    await page.goto('/login');
    await signIn(page, SOMEBODY);
    await expect(page.getByRole('alert')).toHaveText('Слишком много попыток. Попробуйте через 15 минут.');
    status = 503;
    await signIn(page, SOMEBODY);
    await expect(page.getByRole('alert')).toHaveText('Сервис не отвечает. Попробуйте ещё раз.');
  });
});

test.describe('a session that has expired', () => {
  test.use({ excused: [/40[01]/] });

  test('is renewed silently, once for everything the page asks', async ({ page, request }) => {
    const tokens = await fresh(request, SOMEBODY);
    let renewals = 0;
    page.on('request', (asked) => { if (asked.url().endsWith('/api/auth/refresh')) renewals += 1; });
    await openWith(page, { ...tokens, access_token: 'expired' }, '/sales?period=7d');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByLabel('Пароль')).toHaveCount(0);
    await expect(page).toHaveURL(/\/sales\?period=7d$/);
    expect(renewals).toBe(1);
    const after = JSON.parse((await held(page)) ?? '{}') as Tokens;
    expect(after.access_token).not.toBe('expired');
    expect(after.refresh_token).toBe(tokens.refresh_token);
  });

  test('asks to sign in and says why where it cannot be renewed, then shows the page that was asked for', async ({ page }) => {
    await openWith(page, { access_token: 'expired', refresh_token: 'gone' }, '/sales?period=7d');
    await expect(page.getByRole('alert')).toHaveText('Сессия закончилась. Войдите снова.');
    expect(await held(page)).toBeNull();
    await signIn(page, SOMEBODY);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByLabel('Пароль')).toHaveCount(0);
    await expect(page).toHaveURL(/\/sales\?period=7d$/);
  });
});

test('a buyer has no admin pages, in the menu or by their address', async ({ page, open }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open('/sales', SOMEBODY);
  const menu = page.getByRole('navigation', { name: 'Страницы' });
  await expect(menu.getByRole('link', { name: 'Traf4' })).toBeVisible();
  await expect(menu.getByRole('link', { name: 'Админ-панель' })).toHaveCount(0);
  await expect(menu.getByRole('link', { name: 'Настройки' })).toHaveCount(0);
  await expect(menu.getByRole('link', { name: 'Muha' })).toHaveCount(0);
  for (const path of ['/admin', '/admin/events', '/admin/diagnostics', '/settings', '/settings/teams']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Такой страницы нет');
  }
  expect(asked.filter((path) => path.startsWith('/api/admin'))).toEqual([]);
});

test('an admin has them', async ({ page, open }) => {
  await open('/', ADMIN);
  await page.getByRole('link', { name: 'Админ-панель' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Админ-панель: Обзор');
});

test('the side bar folds, theme and language switch, and the browser remembers', async ({ page, open }) => {
  await open('/sales', SOMEBODY);
  const menu = page.getByRole('navigation', { name: 'Страницы' });
  const wide = await menu.boundingBox();
  await page.getByRole('button', { name: 'Свернуть меню' }).click();
  await expect(page.getByRole('button', { name: 'Развернуть меню' })).toHaveAttribute('aria-expanded', 'false');
  const narrow = await menu.boundingBox();
  expect(narrow?.width ?? 0).toBeLessThan((wide?.width ?? 0) / 2);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Развернуть меню' })).toBeVisible();
  // A folded entry still has a name, for who reads with ears and for who stops at it.
  await expect(menu.getByRole('link', { name: 'Traf4' })).toHaveAttribute('title', 'Traf4');
  await page.getByRole('button', { name: 'Развернуть меню' }).click();

  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByRole('button', { name: 'Тема: как в системе' }).click();
  const light = await ground();
  await page.getByRole('button', { name: 'Тема: светлая' }).click();
  await expect(page.getByRole('button', { name: 'Тема: тёмная' })).toBeVisible();
  expect(await ground()).not.toBe(light);
  await page.getByRole('button', { name: 'English' }).click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Sales' })).toBeVisible();
});

test('on a phone the menu lies at the bottom, and the rest of it opens', async ({ page, open }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await open('/sales', ADMIN);
  const menu = page.getByRole('navigation', { name: 'Страницы' });
  const at = await menu.boundingBox();
  expect(Math.round((at?.y ?? 0) + (at?.height ?? 0))).toBe(800);
  for (const name of ['Воронка', 'Продажи', 'Настройки', 'Админ-панель']) {
    await expect(menu.getByRole('link', { name })).toBeInViewport({ ratio: 1 });
  }
  const more = menu.getByRole('button', { name: 'Ещё' });
  await expect(more).toBeInViewport({ ratio: 1 });
  await expect(menu.getByRole('link', { name: 'Muha' })).toBeHidden();
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(more).toHaveAttribute('aria-expanded', 'true');
  await expect(menu.getByRole('button', { name: 'Выйти' })).toBeInViewport({ ratio: 1 });
  await expectFits(page, 360);
  await expectAccessible(page);
  await menu.getByRole('link', { name: 'Muha' }).click();
  await expect(page).toHaveURL(/\/traffic\/cabinet\/muha/);
  await expect(menu.getByRole('link', { name: 'Muha' })).toBeHidden();
});
