import { Link } from 'wouter';
import { Table, type Column } from '~/parts/table';
import { Whose } from '~/parts/whose';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useProductNames } from '~/view/product';
import { useViewSearch } from '~/view/view';
import type { Sale } from './rows';
import { useTrailShort } from './trail';

interface Words {
  caption: string;
  soldAt: string;
  deal: string;
  product: string;
  team: string;
  amount: string;
  state: string;
  states: Record<Sale['state'], string>;
  source: string;
  sources: Record<Sale['amount_source'], string>;
  sourceHint: string;
  verified: string;
  verifiedHint: string;
  yes: string;
  notYet: string;
  why: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    caption: 'Продажи', soldAt: 'Оплачена', deal: 'Сделка', product: 'Продукт', team: 'Команда', amount: 'Сумма', state: 'Состояние',
    states: { active: 'оплачена', cancelled: 'отменена' }, source: 'Сумма из',
    sources: { hook: 'вебхука', crm: 'amoCRM', list_price: 'прайса' },
    sourceHint: 'Из прайса: amoCRM ещё не назвала сумму, поэтому стоит цена из настроек',
    verified: 'Сверена', verifiedHint: 'Прочитана ли сделка в самой amoCRM после последнего события', yes: 'да', notYet: 'ещё нет',
    why: 'Почему эта команда',
  },
  en: {
    caption: 'Sales', soldAt: 'Sold', deal: 'Deal', product: 'Product', team: 'Team', amount: 'Amount', state: 'State',
    states: { active: 'counts', cancelled: 'cancelled' }, source: 'Amount from',
    sources: { hook: 'a hook', crm: 'amoCRM', list_price: 'list price' },
    sourceHint: 'List price: amoCRM has not named an amount yet, so the price of the settings stands in',
    verified: 'Verified', verifiedHint: 'Whether amoCRM itself was read after the newest event of the deal', yes: 'yes', notYet: 'not yet',
    why: 'Why this team',
  },
};

/** The sales, each with the way to its own page. */
export function SalesTable({ sales }: { sales: readonly Sale[] }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const names = useProductNames();
  const why = useTrailShort();
  const view = useViewSearch();
  const columns: Column<Sale>[] = [
    { id: 'sold_at', title: texts.soldAt, cell: (sale) => <span className="moment">{formats.moment(sale.sold_at)}</span>, by: (sale) => sale.sold_at },
    { id: 'deal', title: texts.deal, cell: (sale) => <Link href={`/sales/${sale.sale_id}${view}`}>{sale.lead_id}</Link>, by: (sale) => sale.lead_id },
    { id: 'product', title: texts.product, cell: (sale) => names[sale.product], by: (sale) => names[sale.product] },
    { id: 'team', title: texts.team, cell: (sale) => <Whose team={sale.team} />, by: (sale) => sale.team },
    { id: 'amount', title: texts.amount, cell: (sale) => formats.money(sale.amount), by: (sale) => sale.amount.amount, isNumber: true },
    {
      id: 'source', title: texts.source, hint: texts.sourceHint, by: (sale) => texts.sources[sale.amount_source],
      cell: ({ amount_source: source }) =>
        source === 'list_price' ? <span className="badge warn">{texts.sources[source]}</span> : texts.sources[source],
    },
    {
      id: 'state', title: texts.state, by: (sale) => sale.state,
      cell: ({ state }) =>
        <span className={state === 'active' ? 'badge good' : 'badge bad'}><i aria-hidden="true">{state === 'active' ? '✓ ' : '✕ '}</i>{texts.states[state]}</span>,
    },
    { id: 'verified', title: texts.verified, hint: texts.verifiedHint, cell: (sale) => (sale.verified ? texts.yes : texts.notYet), by: (sale) => String(sale.verified) },
    { id: 'why', title: texts.why, cell: (sale) => <span className="why">{why(sale.trail)}</span>, by: (sale) => why(sale.trail) },
    { id: 'utm', title: 'UTM', cell: (sale) => <UtmLine utm={sale.utm} /> },
  ];
  return (
    <Table
      caption={texts.caption} columns={columns} rows={sales} keyOf={(sale) => sale.sale_id}
      classOf={(sale) => (sale.state === 'cancelled' ? 'cancelled' : '')}
    />
  );
}

const NAMES = ['utm_campaign', 'utm_source', 'utm_content', 'utm_term', 'utm_medium'] as const;

/** The values in a row, in the order in which they are looked at; each says its name to who stops there. */
function UtmLine({ utm }: { utm: Sale['utm'] }) {
  const known = NAMES.filter((name) => utm[name] !== undefined);
  return (
    <span className="utm-line">
      {known.map((name) => <code key={name} title={name}>{utm[name]}</code>)}
    </span>
  );
}
