import { Link } from 'wouter';
import { Table, type Column } from '~/parts/table';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { idOf, nameOf, ratio, summed, type AdRow, type Drill, type Sums, type useDrill } from './drill';

interface Words {
  columns: Record<'name' | 'own' | 'spend' | 'impressions' | 'clicks' | 'leads' | 'sales' | 'revenue', string>;
  noName: string;
  total: string;
  rate: string;
  open: string;
  noRate: string;
  ofSale: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    columns: {
      name: 'Название', own: 'В валюте', spend: 'Расходы', impressions: 'Показы', clicks: 'Клики', leads: 'Заявки', sales: 'Продажи',
      revenue: 'Выручка',
    },
    noName: 'Без названия', total: 'Всего', rate: 'курс', open: 'ещё может измениться', noRate: 'нет курса',
    ofSale: 'Расходы на одну продажу',
  },
  en: {
    columns: {
      name: 'Name', own: 'In its currency', spend: 'Spend', impressions: 'Shown', clicks: 'Clicks', leads: 'Leads', sales: 'Sales',
      revenue: 'Revenue',
    },
    noName: 'Without a name', total: 'Total', rate: 'at', open: 'may still change', noRate: 'no rate',
    ofSale: 'Spend for one sale',
  },
};

/** A row of the API, or the sums under them. */
type Row = Sums & { ad: AdRow | null };

interface Properties {
  title: string;
  rows: readonly AdRow[];
  drill: Drill & Pick<ReturnType<typeof useDrill>, 'to'>;
}

export function AdTable({ title, rows, drill }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const { level, campaign, to } = drill;
  const name = (ad: AdRow) => {
    const id = idOf(ad, level);
    const said = nameOf(ad, level) ?? id ?? texts.noName;
    if (id === null || level === 'ad') return said;
    return <Link href={to(campaign === null ? { campaign: id } : { campaign, adset: id })}>{said}</Link>;
  };
  const own = ({ spend, rate }: AdRow) => (
    <>
      {formats.money(spend)}
      {rate && spend?.currency !== 'KZT' && <small className="quiet"> {texts.rate} {formats.rate(rate)}</small>}
    </>
  );
  const spent = ({ ad, spend_kzt }: Row) => {
    if (spend_kzt === null) return <span className="warn">{texts.noRate}</span>;
    if (!ad || ad.settled) return formats.tenge(spend_kzt);
    return <span className="unsettled" title={texts.open}>≈ {formats.tenge(spend_kzt)}<span className="unseen"> {texts.open}</span></span>;
  };
  const whole = (value: number | null) => formats.tenge(value === null ? null : Math.round(value));
  const cpl = (row: Row) => ratio(row.spend_kzt || null, row.leads);
  const cpa = (row: Row) => ratio(row.spend_kzt || null, row.sales);
  const ctr = (row: Row) => ratio(row.clicks, row.impressions);
  const roas = (row: Row) => ratio(row.revenue_kzt, row.spend_kzt);
  const number = { isNumber: true } as const;
  const columns: Column<Row>[] = [
    { id: 'name', title: texts.columns.name, cell: ({ ad }) => (ad ? name(ad) : texts.total), by: ({ ad }) => ad && nameOf(ad, level) },
    { id: 'spend', title: texts.columns.spend, cell: spent, by: (row) => row.spend_kzt, ...number },
    { id: 'own', title: texts.columns.own, cell: ({ ad }) => (ad ? own(ad) : byCurrency(rows).map(formats.money).join(' + ') || NOTHING), by: ({ ad }) => ad?.spend?.amount, ...number },
    { id: 'impressions', title: texts.columns.impressions, cell: (row) => formats.number(row.impressions), by: (row) => row.impressions, ...number },
    { id: 'clicks', title: texts.columns.clicks, cell: (row) => formats.number(row.clicks), by: (row) => row.clicks, ...number },
    { id: 'ctr', title: 'CTR', cell: (row) => formats.percent(ctr(row)), by: ctr, ...number },
    { id: 'leads', title: texts.columns.leads, cell: (row) => formats.number(row.leads), by: (row) => row.leads, ...number },
    { id: 'cpl', title: 'CPL', cell: (row) => whole(cpl(row)), by: cpl, ...number },
    { id: 'sales', title: texts.columns.sales, cell: (row) => formats.number(row.sales), by: (row) => row.sales, ...number },
    { id: 'cpa', title: 'CPA', hint: texts.ofSale, cell: (row) => whole(cpa(row)), by: cpa, ...number },
    { id: 'revenue', title: texts.columns.revenue, cell: (row) => formats.tenge(row.revenue_kzt), by: (row) => row.revenue_kzt, ...number },
    { id: 'roas', title: 'ROAS', cell: (row) => formats.ratio(roas(row)), by: roas, ...number },
  ];
  return (
    <Table
      caption={title} columns={columns} rows={rows.map((ad) => ({ ...ad, ad }))}
      keyOf={({ ad }) => (ad ? `${ad.account_id} ${idOf(ad, level) ?? ''}` : '')} foot={{ ...summed(rows), ad: null }} sortedBy={['spend', 'down']}
    />
  );
}

/** What was spent in each currency. */
function byCurrency(rows: readonly AdRow[]) {
  const sums = new Map<string, number>();
  for (const { spend } of rows) if (spend) sums.set(spend.currency, (sums.get(spend.currency) ?? 0) + spend.amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
