// What fell off, who changed what, and the messages that went out.

import type { components } from '../site/api/schema';
import { ADMIN, ask, expect, expectAccessible, expectFits, newLead, postSale, session, BASE_URL, test } from './stack';

type Schemas = components['schemas'];

const ENGLISH = () => localStorage.setItem('language', 'en');
const BROKEN = { status: 503, json: { success: false, error: 'unavailable', message: 'Try again.' } };

const incident = (of: Pick<Schemas['Incident'], 'kind' | 'subject' | 'level'> & Partial<Schemas['Incident']>): Schemas['Incident'] => ({
  id: `${of.kind}:${of.subject}`, state: 'open', message: 'What the service saw.', what_to_do: 'What helps.', since: '2026-11-20T11:00:00+05:00',
  opened_at: '2026-11-20T11:30:00+05:00', last_seen_at: '2026-11-21T11:00:00+05:00', ended_at: null, told: [], ...of,
});
const OPEN = /\/api\/admin\/incidents\?.*state=open/;
const ENDED = /\/api\/admin\/incidents\?.*state=ended/;
const SOME = {
  success: true,
  items: [
    incident({ kind: 'token', subject: 'telegram', level: 'ends_in_3_days', told: [{ news: 'ends_in_3_days', at: '2026-11-20T11:30:00+05:00' }] }),
    incident({ kind: 'hook_disabled', subject: 'funnel-sale', level: 'trouble' }),
    incident({ kind: 'dead_letters', subject: 'attribution', level: 'trouble' }),
  ],
};

test.describe('incidents', () => {
  test('what lasts is said in words, with what helps and the way there', async ({ page, open }) => {
    await page.route(OPEN, (route) => route.fulfill({ json: SOME }));
    await open('/admin/incidents');
    const token = page.locator('[data-incident="token:telegram"]');
    await expect(token).toContainText('Ключ Telegram скоро закончится: осталось меньше 3 дней');
    await expect(token).toContainText('с 20 ноя, 11:00');
    await token.getByText('Подробно от сервиса').click();
    await expect(token).toContainText('В Telegram сообщили: осталось меньше 3 дней 20 ноя, 11:30');
    await expect(page.locator('[data-incident="hook_disabled:funnel-sale"]')).toContainText('amoCRM выключила вебхук funnel-sale');
    await page.locator('[data-incident="dead_letters:attribution"]').getByRole('link', { name: 'Перейти' }).click();
    await expect(page).toHaveURL(/\/admin\/dead-letters/);
  });

  test('what is over stands in its period, and equals the API', async ({ page, open, request }) => {
    const { items } = await ask<Schemas['IncidentsAnswer']>(request, ADMIN, '/api/admin/incidents?state=ended&from=2026-10-01&to=2026-12-31&limit=50');
    await open('/admin/incidents?from=2026-10-01&to=2026-12-31');
    const past = page.getByRole('region', { name: 'Что уже прошло' });
    await expect(past.locator(items.length > 0 ? '[data-incident]' : '.empty').first()).toBeVisible();
    await expect(past.locator('[data-incident]')).toHaveCount(items.length);
  });

  test('calm is said calmly, in both languages', async ({ page, open }) => {
    await page.route(OPEN, (route) => route.fulfill({ json: { success: true, items: [] } }));
    await open('/admin/incidents');
    await expect(page.getByText('✓ Всё в порядке.')).toBeVisible();
    await page.addInitScript(ENGLISH);
    await page.route(ENDED, (route) => route.fulfill({ json: { ...SOME, items: SOME.items.map((one) => ({ ...one, state: 'ended', ended_at: '2026-11-21T12:00:00+05:00' })) } }));
    await page.reload();
    await expect(page.getByText('✓ All is in order.')).toBeVisible();
    await expect(page.locator('[data-incident="token:telegram"]')).toContainText('The key of Telegram ends soon: less than 3 days left');
    await expect(page.locator('#content')).not.toContainText(/[а-яё]/i);
  });

  test('the page is accessible and fits a phone', async ({ page, open }) => {
    await page.route(OPEN, (route) => route.fulfill({ json: SOME }));
    await open('/admin/incidents');
    await expect(page.locator('[data-incident]').first()).toBeVisible();
    await expectAccessible(page);
    await expectFits(page, 360);
  });

  test.describe('where one part fails', () => {
    test.use({ excused: [/503/] });

    test('the other stays', async ({ page, open }) => {
      await page.route(OPEN, (route) => route.fulfill({ json: SOME }));
      await page.route(ENDED, (route) => route.fulfill(BROKEN));
      await open('/admin/incidents');
      await expect(page.getByRole('region', { name: 'Что уже прошло' }).getByRole('alert')).toContainText('Не загрузилось');
      await expect(page.locator('[data-incident="token:telegram"]')).toBeVisible();
    });
  });
});

test.describe('who changed what', () => {
  const API = /\/api\/admin\/audit/;
  const row = (of: Pick<Schemas['AuditRow'], 'id' | 'action' | 'subject' | 'before' | 'after' | 'effect'>): Schemas['AuditRow'] =>
    ({ at: '2026-11-20T11:00:00+05:00', who: { id: '1', email: 'admin@demo.local' }, ...of });
  const pattern = (text: string, matching: string) => ({ text, matching });
  const ROWS = [
    row({
      id: 'teams', action: 'settings_changed', subject: 'teams', effect: 'version 4',
      before: [{ id: 'muha', color: '#eab308', patterns: [pattern('onai', 'word')] }],
      after: [{ id: 'new', color: '#ffffff', patterns: [] }, { id: 'muha', color: '#ff0000', patterns: [pattern('onai', 'anywhere')] }],
    }),
    row({ id: 'key', action: 'secret_replaced', subject: 'telegram', before: { bot_token: '…1234' }, after: { bot_token: '…9876' }, effect: null }),
  ];

  test('an act of an admin stands there, by whoever is asked for', async ({ page, open, request }) => {
    const lead = newLead();
    await postSale(request, { lead });
    const { items: [event] } = await ask<{ items: { id: string }[] }>(request, ADMIN, '/api/admin/events?outcome=recorded&limit=1');
    const { access_token: token } = await session(request, ADMIN);
    const answer = await request.post(`${BASE_URL}/api/admin/events/${event?.id ?? ''}/replay`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status(), await answer.text()).toBe(200);

    await open('/admin/audit?period=today');
    const first = page.locator('[data-audit]').filter({ hasText: `событие ${event?.id ?? ''}` }).first();
    await expect(first).toContainText('Обработано заново');
    await expect(first).toContainText(ADMIN.email);
    await page.getByLabel('Кто', { exact: true }).fill('nobody@demo.local');
    await page.getByRole('button', { name: 'Показать', exact: true }).click();
    await expect(page).toHaveURL(/who=nobody%40demo.local/);
    await expect(page.getByText('За эти дни никто ничего не менял.')).toBeVisible();
    await page.getByLabel('Кто', { exact: true }).fill(ADMIN.email);
    await page.keyboard.press('Enter');
    await expect(first).toBeVisible();
  });

  test('only what differs is shown, before and after, and keys stay hidden', async ({ page, open }) => {
    await page.route(API, (route) => route.fulfill({ json: { success: true, items: ROWS } }));
    await open('/admin/audit');
    const teams = page.locator('[data-audit=teams]');
    await expect(teams).toContainText('Изменены настройки: команды');
    await expect(teams).toContainText('версия 4');
    const lines = await teams.locator('tbody tr').evaluateAll((rows) => rows.map((line) => [...line.children].map((cell) => cell.textContent)));
    expect(lines).toContainEqual(['muha › цвет', '#eab308', '#ff0000']);
    expect(lines).toContainEqual(['muha › правила › onai › как искать', 'отдельным словом', 'в любом месте']);
    expect(lines).toContainEqual(['new › цвет', '—', '#ffffff']);
    await expect(page.locator('[data-audit=key]')).toContainText('видны только его последние четыре знака');
    await expectAccessible(page);
    await expectFits(page, 360);
  });

  test('pages follow one another, in English', async ({ page, open }) => {
    await page.addInitScript(ENGLISH);
    await page.route(API, (route) => {
      const isSecond = route.request().url().includes('cursor=second');
      return route.fulfill({ json: isSecond ? { success: true, items: [ROWS[1]] } : { success: true, items: [ROWS[0]], next_cursor: 'second' } });
    });
    await open('/admin/audit');
    await expect(page.locator('[data-audit]')).toHaveCount(1);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect(page.locator('[data-audit=key]')).toContainText('Key replaced: Telegram');
    await expect(page.locator('#content')).not.toContainText(/[а-яё]/i);
  });
});

test.describe('messages', () => {
  const API = '/api/admin/notifications';
  const message = (of: Partial<Schemas['Notification']>): Schemas['Notification'] => ({
    id: '1-sms', channel: 'sms', status: 'failed', due_at: '2026-11-20T11:00:00+05:00', attempts: 3, last_error: 'Mobizon takes the number for none',
    source_campaign: 'proftest_arystan', lead_id: '01931d6c-5b00-7000-8000-000000000001', created_at: '2026-11-20T10:50:00+05:00', sent_at: null,
    provider_id: null, resent_at: null, ...of,
  });
  const rowsOf = (count: number) => Array.from({ length: count }, (_, place) => message({ id: `${place}-sms` }));

  test('rows equal the API, by state and by what they are about', async ({ page, open, request }) => {
    await postSale(request, { lead: newLead() });
    await open('/admin/notifications');
    await page.getByRole('button', { name: 'отправлено', exact: true }).click();
    await page.getByLabel('О чём', { exact: true }).fill('sales');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL('/admin/notifications?status=sent&campaign=sales');
    const { items } = await ask<Schemas['NotificationsAnswer']>(request, ADMIN, `${API}?status=sent&source_campaign=sales&limit=50`);
    await expect(page.locator(items.length > 0 ? 'tbody tr' : '.empty').first()).toBeVisible();
    await expect(page.locator('[data-status]:not([data-status=sent])')).toHaveCount(0);
    for (const { sale_id: sale } of items.slice(0, 5)) await expect(page.getByRole('row').filter({ hasText: sale ?? '' }).first()).toBeVisible();
    await page.reload();
    await expect(page.getByRole('button', { name: 'отправлено', exact: true, pressed: true })).toBeVisible();
  });

  test('a message is sent again after a question, and not without a yes', async ({ page, open, request }) => {
    await postSale(request, { lead: newLead() });
    const done = async () => (await ask<Schemas['NotificationsAnswer']>(request, ADMIN, `${API}?status=sent&source_campaign=sales&limit=1`)).items[0];
    await expect.poll(done, { timeout: 45_000 }).toBeTruthy();
    const { id = '', sale_id: sale = '' } = (await done()) ?? {};
    const asked: string[] = [];
    page.on('request', (one) => { if (one.method() === 'POST') asked.push(one.url()); });
    await open('/admin/notifications?status=sent&campaign=sales');
    const again = page.getByRole('row').filter({ hasText: sale }).first().getByRole('button', { name: 'Отправить ещё раз' });
    await again.click();
    const dialog = page.getByRole('dialog', { name: 'Отправить ещё раз?' });
    await expect(dialog).toContainText('получатель увидит его второй раз');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    expect(asked).toEqual([]);
    await expect(again).toBeFocused();

    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Отправить', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Telegram: сообщение поставлено в очередь' })).toBeVisible();
    await expect(dialog).toHaveCount(0);
    expect(asked.map((url) => new URL(url).pathname)).toEqual([`${API}/${id}/resend`]);
    const { items } = await ask<Schemas['NotificationsAnswer']>(request, ADMIN, `${API}?source_campaign=sales&limit=100`);
    expect(items.find((one) => one.id === id)?.resent_at).toBeTruthy();
  });

  test.describe('where it waits already', () => {
    test.use({ excused: [/409/] });

    test('that is said in words', async ({ page, open }) => {
      await page.route(/\/api\/admin\/notifications\?/, (route) => route.fulfill({ json: { success: true, items: rowsOf(1) } }));
      await page.route(/\/resend$/, (route) => route.fulfill({ status: 409, json: { success: false, error: 'conflict', message: 'It waits.' } }));
      await open('/admin/notifications');
      await page.getByRole('button', { name: 'Отправить ещё раз' }).click();
      await expect(page.getByRole('dialog')).toContainText('SMS стоит денег.');
      await page.getByRole('button', { name: 'Отправить', exact: true }).click();
      await expect(page.getByRole('alert')).toHaveText('Оно и так ждёт отправки: кто-то уже попросил об этом.');
      await expectAccessible(page);
    });
  });

  test('the list is said in English, is accessible and fits a phone', async ({ page, open }) => {
    await page.addInitScript(ENGLISH);
    const items = [
      message({}), message({ id: '2', status: 'pending', resent_at: '2026-11-20T11:00:00+05:00' }),
      message({ id: '3', channel: 'telegram', status: 'sent', source_campaign: 'alerts', incident_id: 'token:sms', sent_at: '2026-11-20T11:00:00+05:00' }),
    ];
    await page.route(/\/api\/admin\/notifications\?/, (route) => route.fulfill({ json: { success: true, items } }));
    await open('/admin/notifications');
    await expect(page.getByRole('row').nth(1)).toContainText('Mobizon takes the number for none');
    await expect(page.getByRole('link', { name: 'open incidents' })).toHaveAttribute('href', /\/admin\/incidents/);
    await expect(page.locator('#content')).not.toContainText(/[а-яё]/i);
    await expectAccessible(page);
    await expectFits(page, 360);
  });
});
