import { Link, useSearchParams } from 'wouter';
import type { Schemas } from '~/api/client';
import { figures } from '~/api/figures';
import { Card } from '~/parts/card';
import { Failed } from '~/parts/failed';
import { Table, type Column } from '~/parts/table';
import { Waiting } from '~/parts/waiting';
import type { Days } from '~/view/days';
import { useFormats } from '~/view/format';
import { plural, useLanguage, useTexts, type Texts } from '~/view/language';
import { useNobodysSales } from './nobodys-sales';

type Sale = Schemas['Sale'];
type Reason = NonNullable<Sale['trail']['reason']> | 'other';

type Forms = readonly [string, string, string];

interface Words {
  title: string;
  what: string;
  figures: Record<'spend' | 'leads' | 'sales' | 'revenue', string>;
  why: string;
  reasons: Record<Reason, { name: string; act: string }>;
  none: string;
  bySaleDate: string;
  cut: string;
  newest: string;
  columns: Record<'deal' | 'day' | 'product' | 'amount' | 'seen', string>;
  saleWord: Forms;
  leadWord: Forms;
  unmatched: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Без команды', what: 'Входит во «Всего», но ни одной команде не засчитано.',
    figures: { spend: 'Расходы', leads: 'Заявки', sales: 'Продажи', revenue: 'Выручка' },
    why: 'Почему у продаж нет команды',
    reasons: {
      no_utm: { name: 'Нет UTM-меток', act: 'В сделке нет ни одной метки. Проверьте, передаёт ли их сайт.' },
      unknown_utm: { name: 'Незнакомые метки', act: 'Метки есть, но под правила команд не подходят. Добавьте шаблон в настройках.' },
      no_lead: { name: 'Нет меток и заявки', act: 'В сделке нет меток, и человек не оставлял заявку на наших страницах.' },
      other: { name: 'Причина не записана', act: 'Откройте продажу, чтобы увидеть, что о ней известно.' },
    },
    none: 'У каждой продажи есть команда.', bySaleDate: 'Причины посчитаны по дате продажи.',
    cut: 'Продаж очень много: причины посчитаны по новейшим. Выберите период короче, чтобы увидеть все.', newest: 'Новейшие 100.',
    columns: { deal: 'Сделка', day: 'День', product: 'Продукт', amount: 'Сумма', seen: 'Какие метки видели' },
    saleWord: ['продажа', 'продажи', 'продаж'], leadWord: ['заявка', 'заявки', 'заявок'],
    unmatched: 'По всем командам вместе реклама не найдена:',
  },
  en: {
    title: 'Unattributed', what: 'Part of the total, but counted for no team.',
    figures: { spend: 'Spend', leads: 'Leads', sales: 'Sales', revenue: 'Revenue' },
    why: 'Why sales have no team',
    reasons: {
      no_utm: { name: 'No UTM values', act: 'The deal carries none. See whether the site passes them on.' },
      unknown_utm: { name: 'Unknown values', act: 'There are values, but no team has a rule for them. Add a pattern in the settings.' },
      no_lead: { name: 'No values and no form', act: 'The deal carries no values, and the person filled in none of our forms.' },
      other: { name: 'No reason on record', act: 'Open the sale to see what is known of it.' },
    },
    none: 'Every sale has a team.', bySaleDate: 'Reasons are counted by sale date.',
    cut: 'There are very many sales: reasons are counted over the newest. Choose a shorter period to see all.', newest: 'The newest 100.',
    columns: { deal: 'Deal', day: 'Day', product: 'Product', amount: 'Amount', seen: 'Values that were seen' },
    saleWord: ['sale', 'sales', 'sales'], leadWord: ['lead', 'leads', 'leads'],
    unmatched: 'Of all teams together, no ad was found for:',
  },
};

/** A longer list is read on the page of sales. */
const MOST_ROWS = 100;

interface Properties {
  of: Schemas['Funnel'];
  days: Days;
  isBySaleDate: boolean;
  /** Leads and sales that point at no ad account; nothing until they are known. */
  unmatched: Schemas['Unmatched'] | undefined;
}

/** What no team earned or spent, and why. */
export function Unattributed({ of, days, isBySaleDate, unmatched }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const language = useLanguage();
  const all = figures(of);
  const purchases = all.express_purchases + all.main_purchases;
  const counted = (number: number, forms: Forms) => `${formats.number(number)} ${plural(language, number, ...forms)}`;
  const count = (sales: number) => counted(sales, texts.saleWord);
  const shown = {
    spend: formats.tenge(all.spend_kzt), leads: formats.number(all.leads), sales: formats.number(purchases),
    revenue: formats.tenge(all.revenue_kzt),
  };
  return (
    <div id="unattributed">
      <Card title={texts.title}>
        <p className="quiet">{texts.what}</p>
        <dl className="pairs">
          {(['spend', 'leads', 'sales', 'revenue'] as const).map((id) => (
            <div key={id} data-nobody={id}><dt className="quiet">{texts.figures[id]}</dt><dd>{shown[id]}</dd></div>
          ))}
        </dl>
        <h3>{texts.why}</h3>
        {!isBySaleDate && <p className="quiet">{texts.bySaleDate}</p>}
        <Reasons days={days} stamp={`${purchases} ${all.revenue_kzt}`} texts={texts} count={count} />
        <p className="quiet unmatched">
          {unmatched && (
            [`${texts.unmatched} ${counted(unmatched.leads, texts.leadWord)}`, count(unmatched.sales), formats.tenge(unmatched.revenue_kzt)].join(', ')
          )}
        </p>
      </Card>
    </div>
  );
}

interface ReasonsProperties {
  days: Days;
  stamp: string;
  texts: Words;
  count: (sales: number) => string;
}

function Reasons({ days, stamp, texts, count }: ReasonsProperties) {
  const found = useNobodysSales(days, stamp);
  const [parameters, setParameters] = useSearchParams();
  const open = parameters.get('reason');
  const turn = (reason: Reason) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      if (open === reason) after.delete('reason');
      else after.set('reason', reason);
      return after;
    }, { replace: true });
  if (found.error) return <Failed what={texts.why} error={found.error} again={() => void found.refetch()} />;
  if (!found.data) return <Waiting lines={3} height={150} />;
  const { sales, isCut } = found.data;
  if (sales.length === 0) return <p className="reasons">{texts.none}</p>;
  const groups = (Object.keys(texts.reasons) as Reason[])
    .map((reason) => ({ reason, sales: sales.filter((sale) => (sale.trail.reason ?? 'other') === reason) }))
    .filter((group) => group.sales.length > 0);
  return (
    <ul className="reasons">
      {groups.map((group) => (
        <li key={group.reason} data-reason={group.reason}>
          <button type="button" className="plain" aria-expanded={open === group.reason} onClick={() => turn(group.reason)}>
            <b>{texts.reasons[group.reason].name}: {count(group.sales.length)}</b>
            <span className="quiet">{texts.reasons[group.reason].act}</span>
          </button>
          {open === group.reason && <Rows sales={group.sales} texts={texts} title={texts.reasons[group.reason].name} />}
        </li>
      ))}
      {isCut && <li className="quiet">{texts.cut}</li>}
    </ul>
  );
}

function Rows({ sales, texts, title }: { sales: Sale[]; texts: Words; title: string }) {
  const formats = useFormats();
  const columns: Column<Sale>[] = [
    { id: 'deal', title: texts.columns.deal, cell: (sale) => <Link href={`/sales/${encodeURIComponent(sale.sale_id)}`}>{sale.lead_id}</Link> },
    { id: 'day', title: texts.columns.day, cell: (sale) => formats.day(sale.day), by: (sale) => sale.sold_at },
    { id: 'product', title: texts.columns.product, cell: (sale) => (sale.product === 'express' ? 'Express' : 'Flagman') },
    { id: 'amount', title: texts.columns.amount, cell: (sale) => formats.money(sale.amount), by: (sale) => sale.amount.amount, isNumber: true },
    { id: 'seen', title: texts.columns.seen, cell: (sale) => seen(sale) },
  ];
  return (
    <>
      <Table caption={title} columns={columns} rows={sales.slice(0, MOST_ROWS)} keyOf={(sale) => sale.sale_id} />
      {sales.length > MOST_ROWS && <p className="quiet">{texts.newest}</p>}
    </>
  );
}

function seen({ trail }: Sale): string {
  return Object.entries(trail.seen ?? {}).map(([name, values]) => `${name}: ${values.join(', ')}`).join('; ');
}
