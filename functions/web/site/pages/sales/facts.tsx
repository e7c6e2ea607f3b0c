import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { Whose } from '~/parts/whose';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useProductNames } from '~/view/product';
import { useViewSearch } from '~/view/view';

type Sale = Schemas['Sale'];

interface Words {
  deal: string;
  ofDeal: string;
  account: string;
  product: string;
  team: string;
  amount: string;
  sources: Record<Sale['amount_source'], string>;
  state: string;
  states: Record<Sale['state'], string>;
  uncounted: string;
  soldAt: string;
  day: string;
  receivedAt: string;
  verified: string;
  isVerified: string;
  isNot: string;
  number: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    deal: 'Сделка', ofDeal: 'все продажи этой сделки', account: 'Аккаунт amoCRM', product: 'Продукт', team: 'Команда', amount: 'Сумма',
    sources: {
      hook: 'назвал вебхук', crm: 'прочитана в amoCRM', list_price: 'прайс: amoCRM ещё не назвала сумму',
    },
    state: 'Состояние', states: { active: '✓ оплачена', cancelled: '✕ отменена' }, uncounted: 'в итогах не считается', soldAt: 'Оплачена', day: 'Считается днём',
    receivedAt: 'Узнали', verified: 'Сверка', isVerified: 'прочитана в самой amoCRM после последнего события',
    isNot: 'после последнего события в самой amoCRM ещё не читали', number: 'Номер продажи',
  },
  en: {
    deal: 'Deal', ofDeal: 'all sales of this deal', account: 'amoCRM account', product: 'Product', team: 'Team', amount: 'Amount',
    sources: {
      hook: 'named by a hook', crm: 'read in amoCRM', list_price: 'list price: amoCRM has not named an amount yet',
    },
    state: 'State', states: { active: '✓ counts', cancelled: '✕ cancelled' }, uncounted: 'in no sum', soldAt: 'Sold', day: 'Counts on',
    receivedAt: 'Reached us', verified: 'Verified', isVerified: 'amoCRM itself was read after the newest event',
    isNot: 'amoCRM itself was not read yet since the newest event', number: 'Sale',
  },
};

/** The sale as it is now. Its price is in tenge, so no exchange rate has a part in it. */
export function Facts({ sale }: { sale: Sale }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const names = useProductNames();
  const view = useViewSearch();
  const ofDeal = new URLSearchParams(view);
  ofDeal.set('q', String(sale.lead_id));
  const facts: [string, ReactNode][] = [
    [texts.amount, <><b className="big">{formats.money(sale.amount)}</b> <span className={sale.amount_source === 'list_price' ? 'warn' : 'quiet'}>{sale.amount_source === 'list_price' && '▲ '}{texts.sources[sale.amount_source]}</span></>],
    [texts.state, <><span className={sale.state === 'active' ? 'badge good' : 'badge bad'}>{texts.states[sale.state]}</span>{sale.state === 'cancelled' && <span className="quiet"> {texts.uncounted}</span>}</>],
    [texts.team, <Whose team={sale.team} />],
    [texts.product, names[sale.product]],
    [texts.soldAt, formats.moment(sale.sold_at)],
    [texts.day, formats.dayOfYear(sale.day)],
    [texts.receivedAt, formats.moment(sale.received_at)],
    [texts.verified, sale.verified ? texts.isVerified : texts.isNot],
    [texts.deal, <>{sale.lead_id} <Link href={`/sales?${ofDeal.toString()}`}>{texts.ofDeal}</Link></>],
    [texts.account, sale.account_id],
    [texts.number, <code>{sale.sale_id}</code>],
    ...Object.entries(sale.utm).map(([name, value]): [string, ReactNode] => [name, <code>{value}</code>]),
  ];
  return (
    <dl className="facts">
      {facts.map(([name, fact]) => <div key={name}><dt>{name}</dt><dd>{fact}</dd></div>)}
    </dl>
  );
}
