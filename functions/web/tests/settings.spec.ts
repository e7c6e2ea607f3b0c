// What an admin sets: saved, refused at its field, changed by two at once, and what Facebook's part does.

import type { APIRequestContext, Page } from '@playwright/test';
import { ADMIN, BASE_URL, ask, buyer, expect, expectAccessible, expectFits, session } from './stack';
import { section, store, test } from './sections';

const TABS = ['facebook', 'keys', 'teams', 'products', 'payment-stages', 'notifications', 'alerts'];

const bar = (page: Page) => page.locator('.save-bar');
const save = (page: Page) => bar(page).getByRole('button', { name: 'Сохранить', exact: true }).click();
const saved = (page: Page) => expect(bar(page).getByRole('status')).toHaveText('✓ Сохранено');

interface Alerts {
  quiet_hours: { from: string; to: string } | null;
  token_days: number[];
  proof_minutes: number;
  breaker_minutes: number;
}

/** Another number of minutes than the one that stands there. */
const other = (minutes: number) => (minutes === 45 ? 50 : 45);

test.describe('saving', () => {
  test.use({ changes: ['alerts'] });

  test('what is saved is what the API holds, with its version and who saved it', async ({ page, open, request }) => {
    const before = await section<Alerts>(request, 'alerts');
    await open('/settings/alerts');
    const field = page.getByLabel('Сверка с amoCRM не сходится дольше');
    await expect(field).toHaveValue(String(before.value.proof_minutes));
    await expect(bar(page).getByRole('button', { name: 'Сохранить', exact: true })).toBeDisabled();
    await field.fill(String(other(before.value.proof_minutes)));
    await page.getByLabel('За сколько дней напоминать о токене').fill('10, 5, 2');
    await save(page);
    await saved(page);
    await expect(bar(page)).toContainText(`версия ${before.version + 1} · сохранил(а) ${ADMIN.email}`);
    const after = await section<Alerts>(request, 'alerts');
    expect(after).toMatchObject({
      version: before.version + 1,
      value: { ...before.value, proof_minutes: other(before.value.proof_minutes), token_days: [10, 5, 2] },
    });
    await page.reload();
    await expect(field).toHaveValue(String(other(before.value.proof_minutes)));
  });

  test('unsaved changes ask before they are lost: by a link, by going back, and not once they are discarded', async ({ page, open, request }) => {
    const { value } = await section<Alerts>(request, 'alerts');
    await open('/settings/products');
    await page.getByRole('link', { name: 'Оповещения', exact: true }).click();
    const field = page.getByLabel('Facebook или amoCRM не отвечают дольше');
    await field.fill(String(other(value.breaker_minutes)));
    await expect(bar(page).getByRole('status')).toContainText('Есть несохранённые изменения');

    const question = page.getByRole('dialog', { name: 'Изменения не сохранены' });
    await page.getByRole('link', { name: 'Команды', exact: true }).click();
    await question.getByRole('button', { name: 'Остаться' }).click();
    await expect(field).toHaveValue(String(other(value.breaker_minutes)));
    await page.goBack();
    await expect(question).toBeVisible();
    await expect(page).toHaveURL(/\/settings\/alerts/);
    await question.getByRole('button', { name: 'Остаться' }).click();

    await page.getByRole('button', { name: 'Отменить изменения' }).click();
    await expect(field).toHaveValue(String(value.breaker_minutes));
    await field.fill(String(other(value.breaker_minutes)));
    await page.getByRole('link', { name: 'Команды', exact: true }).click();
    await question.getByRole('button', { name: 'Уйти без сохранения' }).click();
    await expect(page).toHaveURL(/\/settings\/teams/);
    expect((await section<Alerts>(request, 'alerts')).value).toEqual(value);
  });
});

test.describe('two admins at once', () => {
  test.use({ changes: ['alerts'], excused: [/409.*settings\/alerts/] });

  test('who saves second keeps the own changes, sees the other’s, and chooses', async ({ page, open, request }) => {
    await store(request, 'alerts', { quiet_hours: null, token_days: [14, 7], proof_minutes: 30, breaker_minutes: 15 });
    await open('/settings/alerts');
    await page.getByLabel('Сверка с amoCRM не сходится дольше').fill('41');
    await page.getByLabel('Facebook или amoCRM не отвечают дольше').fill('42');

    const second = await page.context().newPage();
    await second.goto('/settings/alerts');
    await second.getByLabel('Сверка с amoCRM не сходится дольше').fill('51');
    await second.getByLabel('За сколько дней напоминать о токене').fill('14, 7, 1');
    await save(second);
    await saved(second);
    await second.close();

    await save(page);
    const conflict = page.getByRole('alert', { name: 'Пока вы меняли, раздел сохранил другой человек' });
    const { version } = await section<Alerts>(request, 'alerts');
    await expect(conflict).toContainText(`${ADMIN.email} сохранил(а) версию ${version}`);
    await expect(page.getByLabel('Сверка с amoCRM не сходится дольше')).toHaveValue('41');
    await conflict.getByRole('group', { name: /Сверка не сходится.*изменили оба/ }).getByLabel('Сохранено сейчас: 51').check();
    await expect(conflict.getByRole('group', { name: /Не отвечают.*изменили только вы/ }).getByLabel('У вас: 42')).toBeChecked();
    await expect(conflict.getByRole('group', { name: /Напоминания о токене.*изменил/ }).getByLabel('Сохранено сейчас: 14, 7, 1')).toBeChecked();
    await conflict.getByRole('button', { name: 'Соединить и продолжить' }).click();
    await save(page);
    await saved(page);
    expect((await section<Alerts>(request, 'alerts')).value).toEqual({
      quiet_hours: null, token_days: [14, 7, 1], proof_minutes: 51, breaker_minutes: 42,
    });
  });
});

test.describe('what may not be', () => {
  test.use({ changes: ['products', 'payment_stages', 'notifications'], excused: [/400.*settings\//] });

  test('is said at its field, in the language of the page, and nothing is stored', async ({ page, open, request }) => {
    const before = await section(request, 'products');
    await open('/settings/products');
    const express = page.getByRole('region', { name: 'Express' });
    await express.getByLabel('Цена сделки от').fill('9000');
    await express.getByLabel('до, включительно').fill('8000');
    await save(page);
    const field = express.getByLabel('до, включительно');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/не может быть меньше цены «от»/);
    await page.getByRole('button', { name: /Express, до, включительно: не может быть меньше/ }).click();
    await expect(field).toBeFocused();
    expect(await section(request, 'products')).toEqual(before);
    await field.fill('9500');
    await expect(field).not.toHaveAttribute('aria-invalid');
    await save(page);
    await saved(page);
  });

  test('a text that is too long stays as it was typed, and is saved once it is short', async ({ page, open, request }) => {
    await open('/settings/notifications');
    const card = page.getByRole('region', { name: 'SMS после профтеста' });
    const text = card.getByLabel('Текст');
    await text.fill('я'.repeat(671));
    await save(page);
    await expect(text).toHaveAccessibleDescription(/671 знаков.*670/);
    await expect(text).toHaveValue('я'.repeat(671));
    await text.fill('Здравствуйте, ');
    await card.getByRole('button', { name: '{name}' }).click();
    await expect(text).toHaveValue('Здравствуйте, {name}');
    await card.getByText('Как это будет выглядеть').click();
    await expect(card.locator('.example')).toHaveText('Здравствуйте, Айгерим');
    await save(page);
    await saved(page);
    expect(await section(request, 'notifications')).toMatchObject({ value: { sms_proftest: 'Здравствуйте, {name}' } });
  });

  test('stages of payment are saved, and an empty one is taken out', async ({ page, open, request }) => {
    await open('/settings/payment-stages');
    await page.getByLabel('Номер воронки').fill('0');
    await save(page);
    await expect(page.getByLabel('Номер воронки')).toHaveAttribute('aria-invalid', 'true');
    await page.getByLabel('Номер воронки').fill('10350882');
    await page.getByLabel('Kaspi: номер этапа').fill('81526630');
    await page.getByLabel('Halyk: номер этапа').fill('');
    await save(page);
    await saved(page);
    const { value } = await section<{ pipeline_id: number; stages: Record<string, number> }>(request, 'payment_stages');
    expect(value).toMatchObject({ pipeline_id: 10350882, stages: { kaspi: 81526630 } });
    expect(value.stages).not.toHaveProperty('halyk');
  });
});

interface Account {
  account_id: string;
  name: string | null;
  currency: string | null;
  enabled: boolean;
}

interface Pull {
  state: string;
  summary: { total: number; done: number };
}

/** The ad accounts as the API tells of them; found first where nobody has looked for any. */
async function accounts(request: APIRequestContext): Promise<Account[]> {
  const list = async () => (await ask<{ items: Account[] }>(request, ADMIN, '/api/traffic-facebook/accounts')).items;
  const known = await list();
  if (known.length > 0) return known;
  const { access_token } = await session(request, ADMIN);
  const begun = await request.post(`${BASE_URL}/api/traffic-facebook/refresh`, { headers: { authorization: `Bearer ${access_token}` }, data: {} });
  const { job_id } = (await begun.json()) as { job_id: string };
  await expect.poll(async () => (await ask<Pull>(request, ADMIN, `/api/traffic-facebook/refresh/${job_id}`)).state, { timeout: 120_000 }).toBe('done');
  return list();
}

test.describe('Facebook', () => {
  test.use({ changes: ['ad_accounts'] });

  test('an account is switched off and on, with a limit in its own currency', async ({ page, open, request }) => {
    const account = (await accounts(request)).find(({ currency, name }) => currency === 'USD' && name);
    expect(account, 'an account in dollars').toBeDefined();
    if (!account) return;
    const { account_id: id, name } = account;
    const value = async () => (await section<Record<string, unknown>>(request, 'ad_accounts')).value[id];
    await store(request, 'ad_accounts', {});
    await open('/settings/facebook');
    const row = page.locator(`[data-account="${id}"]`);
    await row.getByLabel(`Загружать расходы: ${name}`).uncheck();
    await row.getByLabel(/Лимит в день/).fill('150,5');
    await save(page);
    await saved(page);
    expect(await value()).toEqual({ enabled: false, daily_limit: { amount: 15_050, currency: 'USD' } });
    await expect(row).toContainText('выключен');
    expect((await accounts(request)).find(({ account_id }) => account_id === id)?.enabled).toBe(false);

    await row.getByLabel(`Загружать расходы: ${name}`).check();
    await row.getByLabel(/Лимит в день/).fill('');
    await save(page);
    await expect(row).not.toContainText('выключен');
    expect(await value()).toEqual({ enabled: true });
    expect((await accounts(request)).find(({ account_id }) => account_id === id)?.enabled).toBe(true);
  });

  test('spend is pulled now, and the progress is followed to its end', async ({ page, open, request }) => {
    test.setTimeout(400_000);
    await open('/settings/facebook');
    await page.getByRole('button', { name: 'Загрузить сейчас' }).click();
    const part = page.locator('[data-part=pull]');
    await expect(part).toHaveAttribute('data-state', 'done', { timeout: 150_000 });
    const id = new URL(page.url()).searchParams.get('pull');
    const { summary } = await ask<Pull>(request, ADMIN, `/api/traffic-facebook/refresh/${id}`);
    await expect(part.getByRole('status')).toContainText(`готово. Кабинетов загружено: ${summary.done} из ${summary.total}.`);
    for (const { account_id } of await accounts(request)) await expect(page.locator(`[data-account="${account_id}"]`)).toBeVisible();
  });
});

interface Tokens {
  tokens: { name: string; valid: boolean | null; days_left: number | null }[];
}

interface Secret {
  secret: { fields: { name: string; last_four: string | null }[]; changed_at: string | null };
}

test.describe('keys', () => {
  test.use({ excused: [/400.*secrets\//] });

  test('all services are asked about their keys, and the page says what they said', async ({ page, open, request }) => {
    await open('/settings/keys');
    await page.getByRole('button', { name: 'Проверить', exact: true }).click();
    await expect(page.getByText('✓ Проверено')).toBeVisible();
    const { tokens } = await ask<Tokens>(request, ADMIN, '/api/admin/token-health');
    for (const [name, title] of [['amocrm', 'amoCRM'], ['telegram', 'Telegram'], ['sms', 'SMS (Mobizon)'], ['openai', 'OpenAI']] as const) {
      const valid = tokens.find((token) => token.name === name)?.valid;
      const said = valid === null ? 'Не удалось спросить' : valid ? 'Работает' : 'Не работает';
      await expect(page.getByRole('region', { name: title })).toContainText(said);
    }
  });

  test('a bad key is refused with the service’s own reason; the kept one stays, and nothing typed is shown', async ({ page, open, request }) => {
    const kept = await ask<Secret>(request, ADMIN, '/api/admin/secrets/facebook');
    await open('/settings/facebook');
    await page.getByRole('button', { name: 'Заменить: Facebook' }).click();
    const dialog = page.getByRole('dialog', { name: 'Новый ключ: Facebook' });
    const field = dialog.getByLabel('Токен доступа');
    await expect(field).toHaveAttribute('type', 'password');
    await field.fill('EAAthisTokenIsNotGood');
    await dialog.getByRole('button', { name: 'Проверить и сохранить' }).click();
    await expect(dialog.getByRole('alert')).toContainText('Ключ не принят, ничего не сохранено.');
    await expect(field).toHaveAccessibleDescription(/Facebook: the token is not valid/);
    await dialog.getByRole('button', { name: 'Отмена' }).click();
    expect(await ask<Secret>(request, ADMIN, '/api/admin/secrets/facebook')).toEqual(kept);
    expect(await page.content()).not.toContain('EAAthisTokenIsNotGood');
    const four = kept.secret.fields.find(({ name }) => name === 'access_token')?.last_four;
    await expect(page.getByRole('region', { name: 'Токен Facebook' })).toContainText(`…${four}`);
    await page.getByRole('button', { name: 'Заменить: Facebook' }).click();
    await expect(field).toHaveValue('');
  });

  test('what the service takes is stored at once', async ({ page, open }) => {
    let sent: unknown = null;
    await page.route('**/api/admin/secrets/telegram', async (route) => {
      sent = route.request().postDataJSON();
      const fields = [{ name: 'bot_token', is_set: true, last_four: 'good' }, { name: 'chat_id', is_set: true, last_four: '7890' }];
      await route.fulfill({ json: { success: true, secret: { name: 'telegram', configured: true, fields, changed_at: null, age_days: 0 } } });
    });
    await open('/settings/keys');
    await page.getByRole('button', { name: 'Заменить: Telegram' }).click();
    const dialog = page.getByRole('dialog', { name: 'Новый ключ: Telegram' });
    await expect(dialog.getByRole('button', { name: 'Проверить и сохранить' })).toBeDisabled();
    await dialog.getByLabel('Токен бота').fill(' 7000000001:good ');
    await dialog.getByRole('button', { name: 'Проверить и сохранить' }).click();
    await expect(page.getByText('✓ Ключ заменён и уже работает.')).toBeVisible();
    await expect(dialog).toBeHidden();
    expect(sent).toEqual({ bot_token: '7000000001:good' });
  });
});

test.describe('one route down', () => {
  test.use({ excused: [/503.*traffic-facebook\/accounts/] });

  test('says which part did not load, shows the rest, and gets it again', async ({ page, open }) => {
    const down = '**/api/traffic-facebook/accounts*';
    await page.route(down, (route) => route.fulfill({ status: 503, json: { success: false, error: 'service_unavailable', message: 'Try again.', request_id: 'r' } }));
    await open('/settings/facebook');
    const card = page.getByRole('region', { name: 'Рекламные кабинеты' });
    await expect(card.getByRole('alert')).toContainText('не загрузилось');
    await expect(page.getByRole('region', { name: 'Токен Facebook' })).toContainText('Токен доступа');
    await page.unroute(down);
    await card.getByRole('button', { name: 'Повторить' }).click();
    await expect(card.locator('[data-account]').first()).toBeVisible();
  });
});

test('a buyer gets no settings', async ({ page, open }) => {
  await open('/settings/facebook', buyer('muha'));
  await expect(page.getByRole('navigation', { name: 'Разделы настроек' })).toHaveCount(0);
  await expect(page.locator('.sidebar a[href^="/settings"]')).toHaveCount(0);
});

test('English says the same', async ({ page, open }) => {
  await page.addInitScript(() => localStorage.setItem('language', 'en'));
  await open('/settings');
  const tabs = page.getByRole('navigation', { name: 'Sections of the settings' });
  for (const [tab, part] of [
    ['Facebook', 'Facebook’s token'], ['Keys', 'Telegram'], ['Teams', 'Who would match'], ['Products', 'What is a sale'],
    ['Payment stages', 'Payment stages'], ['Message texts', 'SMS after the career test'], ['Alerts', 'Alerts'],
  ] as const) {
    await tabs.getByRole('link', { name: tab, exact: true }).click();
    await expect(page.getByRole('region', { name: part })).toBeVisible();
    await expect(tabs.getByRole('link', { name: tab, exact: true })).toHaveAttribute('aria-current', 'page');
  }
});

for (const tab of TABS) {
  test(`${tab}: accessible in both themes, and as wide as a phone`, async ({ page, open }) => {
    await open(`/settings/${tab}`);
    await expect(page.locator('.settings .card').first()).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expectAccessible(page);
    await expectFits(page, 360);
  });
}
