import { useState } from 'react';
import { api, Failure, type Schemas } from '~/api/client';
import { PeriodBar } from '~/layout/period-bar';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Table, type Column } from '~/parts/table';
import { TeamName } from '~/parts/team-name';
import { useFormats } from '~/view/format';
import { useLanguage, useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import type { Draft } from './draft';
import { inWords } from './problems';
import { isSame } from './section';
import { useTeamOf } from './team-of';

type Answer = Schemas['PreviewAnswer'];
type Product = Schemas['Product'];

interface Words {
  title: string;
  what: string;
  show: string;
  busy: string;
  stale: string;
  teams: string;
  products: string;
  from: string;
  to: string;
  sales: string;
  leads: string;
  revenue: string;
  before: string;
  after: string;
  nobody: string;
  noSale: string;
  names: Record<Product, string>;
  nothing: string;
  nothingHint: string;
  incomplete: string;
  others: string;
  stages: string;
  deals: string;
  refused: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Что изменится за период', what: 'Сравнивает правила выше, сохранены они или нет, с тем, как продажи и заявки записаны сейчас. Ничего не меняет.',
    show: 'Посчитать', busy: 'Считается…', stale: 'Правила или период с тех пор изменились: посчитайте ещё раз.', teams: 'Переходы между командами',
    products: 'Изменение продукта', from: 'Откуда', to: 'Куда', sales: 'Продажи', leads: 'Заявки', revenue: 'Выручка', before: 'Было', after: 'Станет',
    nobody: 'Без команды', noSale: 'не продажа', names: { express: 'Express', flagship: 'Flagman', other: 'Другое' }, nothing: 'Ничего не изменится',
    nothingHint: 'За этот период все продажи и заявки останутся там, где они сейчас.', incomplete: 'Успели посчитать только до', others: 'Продаж других дней перейдёт вместе с ними',
    stages: 'Меняются этапы. Сделки, которые уже стоят на новых этапах и ещё не были продажами, здесь не видны: они станут продажами, когда amoCRM сообщит о них снова.',
    deals: 'Просмотрено сделок', refused: 'Сначала исправьте правила:',
  },
  en: {
    title: 'What would change in the period', what: 'Compares the rules above, saved or not, with how sales and leads stand now. It changes nothing.',
    show: 'Work it out', busy: 'Working it out…', stale: 'The rules or the period have changed since: work it out again.', teams: 'From team to team',
    products: 'Other product', from: 'From', to: 'To', sales: 'Sales', leads: 'Leads', revenue: 'Revenue', before: 'Was', after: 'Would be',
    nobody: 'Nobody', noSale: 'no sale', names: { express: 'Express', flagship: 'Flagship', other: 'Other' }, nothing: 'Nothing would change',
    nothingHint: 'All sales and leads of this period would stay where they are.', incomplete: 'There was time only until', others: 'Sales of other days that go with them',
    stages: 'Stages change. Deals that rest at the new ones and were no sales so far are not seen here: they become sales when amoCRM tells of them again.',
    deals: 'Deals looked at', refused: 'Change the rules first:',
  },
};

/** What the rules that are being edited would move, before anything is saved or applied. */
export function PreviewCard({ draft }: { draft: Draft<'teams'> | Draft<'products'> }) {
  const texts = useTexts(TEXTS);
  const language = useLanguage();
  const { days } = useView();
  const preview = api.useMutation('post', '/api/admin/attribution/preview');
  const [asked, setAsked] = useState<{ value: unknown; days: typeof days } | null>(null);
  const show = () => {
    setAsked({ value: draft.value, days });
    preview.mutate({ body: { section: draft.section, value: draft.value as unknown as Schemas['SettingsValue'], ...days } });
  };
  const isStale = asked !== null && !(isSame(asked.value, draft.value) && isSame(asked.days, days));
  const error: unknown = preview.error;
  const refused = error instanceof Failure && error.status === 400 ? (error.said.details ?? []) : null;
  return (
    <Card title={texts.title}>
      <p className="quiet">{texts.what}</p>
      <div className="row">
        <PeriodBar />
        <button type="button" disabled={draft.value === null || preview.isPending} onClick={show}>{preview.isPending ? texts.busy : texts.show}</button>
      </div>
      {refused && (
        <p className="failed" role="alert">{texts.refused} {refused.map(({ field, problem }) => `${field}: ${inWords(problem, language)}`).join('; ')}</p>
      )}
      {error !== null && !refused && <Failed error={error} again={show} />}
      {isStale && preview.data && <p className="notice" role="status">▲ {texts.stale}</p>}
      {preview.data && <div className={isStale ? 'stack dim' : 'stack'} role="status" data-part="moves"><Moves answer={preview.data} texts={texts} /></div>}
    </Card>
  );
}

function Moves({ answer, texts }: { answer: Answer; texts: Words }) {
  const formats = useFormats();
  const teamOf = useTeamOf();
  const { moves, products, complete, looked_at_until, sales_of_other_days, deals, warnings } = answer;
  const owner = (id: string | null) => (id === null ? texts.nobody : <TeamName team={teamOf(id)} />);
  const number = { isNumber: true } as const;
  const ofTeams: Column<Answer['moves'][number]>[] = [
    { id: 'from', title: texts.from, cell: (row) => owner(row.from) },
    { id: 'to', title: texts.to, cell: (row) => owner(row.to) },
    { id: 'sales', title: texts.sales, cell: (row) => formats.number(row.sales), by: (row) => row.sales, ...number },
    { id: 'leads', title: texts.leads, cell: (row) => formats.number(row.leads), by: (row) => row.leads, ...number },
    { id: 'revenue', title: texts.revenue, cell: (row) => formats.tenge(row.revenue_kzt), by: (row) => row.revenue_kzt, ...number },
  ];
  const product = (id: Product | null) => (id === null ? texts.noSale : texts.names[id]);
  const ofProducts: Column<Answer['products'][number]>[] = [
    { id: 'from', title: texts.from, cell: (row) => product(row.from) },
    { id: 'to', title: texts.to, cell: (row) => product(row.to) },
    { id: 'sales', title: texts.sales, cell: (row) => formats.number(row.sales), ...number },
    { id: 'before', title: texts.before, cell: (row) => formats.tenge(row.revenue_from_kzt), ...number },
    { id: 'after', title: texts.after, cell: (row) => formats.tenge(row.revenue_to_kzt), ...number },
  ];
  const keyOf = ({ from, to }: { from: string | null; to: string | null }) => `${from ?? ''} ${to ?? ''}`;
  return (
    <>
      {!complete && <p className="notice">▲ {texts.incomplete} {formats.day(looked_at_until)}.</p>}
      {warnings.length > 0 && <p className="notice">▲ {texts.stages}</p>}
      {moves.length === 0 && products.length === 0 && <Empty title={texts.nothing}>{texts.nothingHint}</Empty>}
      {moves.length > 0 && <Table caption={texts.teams} columns={ofTeams} rows={moves} keyOf={keyOf} />}
      {products.length > 0 && <Table caption={texts.products} columns={ofProducts} rows={products} keyOf={keyOf} />}
      <p className="quiet">
        {texts.deals}: {formats.number(deals)}.{sales_of_other_days > 0 && ` ${texts.others}: ${formats.number(sales_of_other_days)}.`}
      </p>
    </>
  );
}
