// The deals that are not alike, each with both sides and why.

import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Table, type Column } from '~/parts/table';
import { Whose } from '~/parts/whose';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useProductNames } from '~/view/product';
import type { Answer } from './reconciliation';

type Deal = Schemas['DifferingDeal'];
type Kind = 'missing' | 'extra' | 'different';

interface Words {
  title: string;
  none: string;
  kinds: Record<Kind, string>;
  more: (count: number) => string;
  deal: string;
  day: string;
  product: string;
  team: string;
  why: string;
  reasons: Record<Deal['reason'], string>;
  crm: string;
  ours: string;
  stage: string;
  notThere: string;
  healedNow: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Сделки, которые не сходятся', none: 'Таких сделок нет.',
    kinds: { missing: 'Есть в amoCRM, нет у нас', extra: 'Есть у нас, нет в amoCRM', different: 'Есть у обоих, но не одинаковы' },
    more: (count) => `И ещё ${count}: за день названы первые 200.`,
    deal: 'Сделка', day: 'День', product: 'Продукт', team: 'Команда', why: 'Почему',
    reasons: {
      unknown_deal: 'о сделке нам никто не сообщал', no_sale: 'сделку знаем, продажи по ней нет', cancelled: 'у нас продажа отменена',
      never_shown: 'amoCRM никогда не показывала эту сделку', gone: 'amoCRM больше не показывает сделку', deleted: 'в amoCRM сделка в корзине',
      lost: 'в amoCRM сделка закрыта и не реализована', not_a_sale: 'в amoCRM сделка на этапе, который не считается продажей',
      product: 'другой продукт', amount: 'другая сумма',
    },
    crm: 'В amoCRM', ours: 'У нас', stage: 'этап', notThere: 'нет', healedNow: 'исправлено',
  },
  en: {
    title: 'Deals that are not alike', none: 'There are none.',
    kinds: { missing: 'In amoCRM, not here', extra: 'Here, not in amoCRM', different: 'In both, and not the same' },
    more: (count) => `And ${count} more: a day names its first 200.`,
    deal: 'Deal', day: 'Day', product: 'Product', team: 'Team', why: 'Why',
    reasons: {
      unknown_deal: 'nobody ever told us of the deal', no_sale: 'we know the deal, and no sale of it', cancelled: 'our sale is cancelled',
      never_shown: 'amoCRM has never shown this deal', gone: 'amoCRM no longer shows the deal', deleted: 'in amoCRM the deal is in the bin',
      lost: 'in amoCRM the deal is closed and lost', not_a_sale: 'in amoCRM the deal is in a stage that is no sale',
      product: 'another product', amount: 'another amount',
    },
    crm: 'In amoCRM', ours: 'Here', stage: 'stage', notThere: 'none', healedNow: 'put right',
  },
};

export function Deals({ answer }: { answer: Answer }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const names = useProductNames();
  const rowsOf = ({ day, lead_id: lead }: Deal) => `/sales?${new URLSearchParams({ from: day, to: day, q: String(lead) }).toString()}`;
  const columns: Column<Deal>[] = [
    { id: 'deal', title: texts.deal, cell: (deal) => (deal.ledger ? <Link href={rowsOf(deal)}>{deal.lead_id}</Link> : deal.lead_id), by: (deal) => deal.lead_id },
    { id: 'day', title: texts.day, cell: (deal) => formats.day(deal.day), by: (deal) => deal.day },
    { id: 'team', title: texts.team, cell: (deal) => <Whose team={deal.team} />, by: (deal) => deal.team },
    {
      id: 'crm', title: texts.crm,
      cell: ({ crm }) => (crm ? `${names[crm.product]}, ${formats.money(crm.amount)}, ${texts.stage} ${crm.status_id}` : texts.notThere),
    },
    {
      id: 'ours', title: texts.ours,
      cell: ({ ledger }) => (ledger ? `${names[ledger.product]}, ${formats.money(ledger.amount)}, ${formats.moment(ledger.sold_at)}` : texts.notThere),
    },
    {
      id: 'why', title: texts.why,
      cell: (deal) => <>{texts.reasons[deal.reason]}{deal.healed_at && <span className="good"> ✓ {texts.healedNow} {formats.moment(deal.healed_at)}</span>}</>,
    },
  ];
  const kinds = (['missing', 'extra', 'different'] as const).filter((kind) => answer[kind].length > 0);
  return (
    <Card title={texts.title}>
      {kinds.length === 0 && <p className="quiet">{texts.none}</p>}
      {kinds.map((kind) => (
        <section key={kind} className="stack" data-kind={kind}>
          <h3>{texts.kinds[kind]}: {formats.number(answer[kind].length + answer[`${kind}_more`])}</h3>
          <Table caption={texts.kinds[kind]} columns={columns} rows={answer[kind]} keyOf={(deal) => `${deal.lead_id} ${deal.product}`} />
          {answer[`${kind}_more`] > 0 && <p className="quiet">{texts.more(answer[`${kind}_more`])}</p>}
        </section>
      ))}
    </Card>
  );
}
