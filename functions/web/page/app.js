// The first page of the dashboard: sign in, see the funnel, the teams and the rows behind them.
// Texts from outside are only ever set as text, never as HTML.

const TOKENS = 'tokens';
const PERIODS = [['Сегодня', 1], ['7 дней', 7], ['30 дней', 30], ['90 дней', 90]];
const STATE = { days: 30, asked: 0 };

const byId = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('ru-RU');
const percent = new Intl.NumberFormat('ru-RU', { style: 'percent', maximumFractionDigits: 1 });
const ratio = new Intl.NumberFormat('ru-RU', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
// An amount is in the smallest unit of its currency, so the format says how many there are in one.
const money = ({ amount, currency }) => {
  const format = new Intl.NumberFormat('ru-RU', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  return format.format(amount / 10 ** (currency === 'KZT' ? 0 : format.resolvedOptions().maximumFractionDigits));
};
const tenge = (amount) => `${number.format(amount)} ₸`;
const moment = (text) => new Intl.DateTimeFormat('ru-RU', {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Almaty',
}).format(new Date(text));
// 'sv' writes a date as YYYY-MM-DD.
const day = (back) => new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Almaty' }).format(Date.now() - back * 86_400_000);

const tokens = () => JSON.parse(sessionStorage.getItem(TOKENS) ?? 'null');
const keep = (answer) => sessionStorage.setItem(TOKENS, JSON.stringify(answer));

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function get(path, renew = true) {
  const held = tokens();
  if (!held) throw new Error('signed out');
  const response = await fetch(path, { headers: { authorization: `Bearer ${held.access_token}` } });
  if (response.status === 401 && renew) {
    const { status, body } = await post('/api/auth/refresh', { refresh_token: held.refresh_token });
    if (status === 200) {
      keep(body);
      return get(path, false);
    }
  }
  if (response.status === 401) {
    sessionStorage.removeItem(TOKENS);
    throw new Error('signed out');
  }
  if (!response.ok) throw new Error((await response.json()).message);
  return response;
}

function element(name, attributes = {}, ...children) {
  const node = Object.assign(document.createElement(name), attributes);
  node.append(...children);
  return node;
}

function stage({ title, metrics }, { cpl }) {
  const [big, small] = {
    spend_kzt: () => [tenge(metrics.spend_kzt), [...metrics.spend.map(money), `${number.format(metrics.clicks)} кликов`].join(' · ')],
    leads: () => [number.format(metrics.leads), cpl === null ? 'заявок' : `заявок по ${tenge(Math.round(cpl))}`],
    express_purchases: () => [number.format(metrics.express_purchases), tenge(metrics.express_revenue)],
    main_purchases: () => [number.format(metrics.main_purchases), tenge(metrics.main_revenue)],
  }[Object.keys(metrics)[0]]();
  const conversion = metrics.conversion_from_previous;
  return element('div', { className: 'card stage' },
    element('div', { className: 'quiet', textContent: title }),
    element('div', { className: 'big', textContent: big }),
    element('div', { className: 'quiet', textContent: small }),
    element('div', { className: 'conversion', textContent: conversion === null ? '' : `${percent.format(conversion)} от прошлого этапа` }));
}

function table(node, columns, rows) {
  const cell = (name, { number: isNumber }, text) => element(name, { className: isNumber ? 'number' : '', textContent: text });
  node.replaceChildren(
    element('thead', {}, element('tr', {}, ...columns.map((column) => cell('th', column, column.title)))),
    element('tbody', {}, ...rows.map((row) => element('tr', { className: row.className ?? '' },
      ...columns.map((column) => cell('td', column, column.value(row)))))));
}

const figures = (funnel) => Object.assign({}, ...funnel.stages.map(({ metrics }) => metrics), funnel.totals);

function teams(answer) {
  const row = (title, funnel, className) => ({ title, className, ...figures(funnel) });
  const rows = answer.teams.map((team) => row(`${team.emoji} ${team.title}`, team));
  if (answer.unattributed) rows.push(row('Без команды', answer.unattributed));
  if (rows.length > 1) rows.push(row('Всего', answer, 'total'));
  table(byId('teams'), [
    { title: 'Команда', value: (r) => r.title.replaceAll(' ', '\u00a0') },
    { title: 'Расходы', number: true, value: (r) => tenge(r.spend_kzt) },
    { title: 'ProfTest', number: true, value: (r) => number.format(r.leads) },
    { title: 'CPL', number: true, value: (r) => (r.cpl === null ? '—' : tenge(Math.round(r.cpl))) },
    { title: 'Express', number: true, value: (r) => number.format(r.express_purchases) },
    { title: 'Flagman', number: true, value: (r) => number.format(r.main_purchases) },
    { title: 'Отменено', number: true, value: (r) => number.format(r.express_cancelled + r.main_cancelled) },
    { title: 'Выручка', number: true, value: (r) => tenge(r.revenue_kzt) },
    { title: 'ROAS', number: true, value: (r) => (r.roas === null ? '—' : ratio.format(r.roas)) },
  ], rows);
}

const PRODUCTS = { express: 'Express', flagship: 'Flagman', other: 'Другое' };
const why = ({ source, field, value, pattern, reason }) => ({
  utm: () => `${field} = «${value}» → ${pattern}`,
  ad: () => `${field} = «${value}» → ${pattern}`,
  landing_lead: () => `анкета: ${field ?? 'slug'} «${value}» → ${pattern}`,
  none: () => (reason === 'no_utm' ? 'нет UTM' : `незнакомая UTM: «${value}»`),
}[source]());

function sales(answer, titles) {
  table(byId('sales'), [
    { title: 'Когда', value: (sale) => moment(sale.sold_at) },
    { title: 'Сделка', value: (sale) => String(sale.lead_id) },
    { title: 'Продукт', value: (sale) => PRODUCTS[sale.product] },
    { title: 'Сумма', number: true, value: (sale) => tenge(sale.amount.amount) },
    { title: 'Команда', value: (sale) => titles.get(sale.team) ?? '—' },
    { title: 'Почему', value: (sale) => why(sale.trail) },
  ], answer.items.map((sale) => ({ ...sale, className: sale.state === 'cancelled' ? 'cancelled' : '' })));
}

function freshness(sources) {
  const names = { sales: 'Продажи', spend: 'Расходы', leads: 'Заявки' };
  const late = (reason) => (reason ? ` — ${reason}` : ' — давно');
  const said = ({ status, last_success_at: at, reason }) => (status === 'never' ? 'ещё не приходили' : `обновлены ${moment(at)}${status === 'stale' ? late(reason) : ''}`);
  byId('freshness').textContent = Object.entries(names).map(([id, name]) => `${name}: ${said(sources[id])}`).join(' · ');
}

// Whether amoCRM has the same sales: one calm line, and in words why that is not known.
function proof(of) {
  const node = byId('proof');
  node.className = of?.state === 'red' ? 'red' : 'quiet';
  const ago = (at) => `проверено ${Math.max(0, Math.round((Date.now() - new Date(at)) / 60_000))} мин назад`;
  const said = of && [
    { green: '', red: 'Не сходится', unknown: 'Сверка неизвестна' }[of.state],
    ...(of.checked_at ? [`amoCRM ${number.format(of.crm_count)}`, `у нас ${number.format(of.ledger_count)}`,
      `не хватает ${number.format(of.missing)}`, `лишних ${number.format(of.extra)}`] : []),
    of.different ? `отличаются ${number.format(of.different)}` : '',
    of.checked_at ? ago(of.checked_at) : '',
  ].filter(Boolean).join(' · ');
  node.textContent = of ? said + (of.reason ? ` — ${of.reason}` : '') : 'amoCRM ещё не сверяли';
}

function periods() {
  document.querySelector('nav').replaceChildren(...PERIODS.map(([title, days]) => {
    const button = element('button', { type: 'button', textContent: title });
    button.setAttribute('aria-pressed', String(STATE.days === days));
    button.addEventListener('click', () => { STATE.days = days; show(); });
    return button;
  }));
}

async function show() {
  const problem = document.querySelector('#dashboard .problem');
  problem.textContent = '';
  periods();
  STATE.asked += 1;
  const asked = STATE.asked;
  const period = `from=${day(STATE.days - 1)}&to=${day(0)}`;
  try {
    const [me, funnel, rows] = await Promise.all(
      ['/api/auth/me', `/api/traffic-dashboard/funnel?${period}`, `/api/traffic-dashboard/sales?${period}&limit=12`]
        .map(async (path) => (await get(path)).json()));
    // Someone has asked for another period meanwhile.
    if (asked !== STATE.asked) return;
    document.querySelector('.who').textContent = me.user.email ?? '';
    freshness(funnel.freshness);
    proof(funnel.proof);
    byId('stages').replaceChildren(...funnel.stages.map((one) => stage(one, funnel.totals)));
    teams(funnel);
    sales(rows, new Map(me.user.teams.map((team) => [team.id, `${team.emoji} ${team.title}`])));
    byId('csv').onclick = (event) => { event.preventDefault(); download(period); };
    byId('login').hidden = true;
    byId('dashboard').hidden = false;
  } catch (error) {
    if (error.message === 'signed out') return signedOut();
    byId('dashboard').hidden = false;
    problem.textContent = `Не удалось загрузить: ${error.message}`;
  }
}

async function download(period) {
  const problem = document.querySelector('#dashboard .problem');
  let file;
  try {
    file = await (await get(`/api/traffic-dashboard/sales?${period}&format=csv`)).blob();
  } catch (error) {
    if (error.message === 'signed out') return signedOut();
    problem.textContent = `Не удалось скачать: ${error.message}`;
    return;
  }
  const link = element('a', { href: URL.createObjectURL(file), download: `sales-${day(0)}.csv` });
  link.click();
  URL.revokeObjectURL(link.href);
}

function signedOut() {
  byId('dashboard').hidden = true;
  byId('login').hidden = false;
}

const REFUSALS = { 401: 'Неверный e-mail или пароль.', 429: 'Слишком много попыток. Попробуйте через несколько минут.' };

byId('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const problem = document.querySelector('#login .problem');
  problem.textContent = '';
  try {
    const { status, body } = await post('/api/auth/login', Object.fromEntries(new FormData(event.target)));
    if (status !== 200) {
      problem.textContent = REFUSALS[status] ?? body.message;
      return;
    }
    keep(body);
    event.target.reset();
    show();
  } catch {
    problem.textContent = 'Сервис не отвечает. Попробуйте ещё раз.';
  }
});

byId('logout').addEventListener('click', async () => {
  const held = tokens();
  sessionStorage.removeItem(TOKENS);
  signedOut();
  if (held) await fetch('/api/auth/logout', { method: 'POST', headers: { authorization: `Bearer ${held.access_token}` } });
});

show();
