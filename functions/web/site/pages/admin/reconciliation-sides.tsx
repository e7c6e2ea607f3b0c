// Both sides by day, team and product. amoCRM's less ours is what is missing, less what is extra, and what differs.

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Table, type Column } from '~/parts/table';
import { TeamName } from '~/parts/team-name';
import { useFilter } from '~/view/filters';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { usePerson } from '~/view/person';
import { useProductNames } from '~/view/product';
import type { Answer } from './reconciliation';

type Sides = Pick<Schemas['ProofOfDay'], 'crm' | 'ledger' | 'missing' | 'extra' | 'different'>;

interface Words {
  byDay: string;
  byTeam: string;
  byProduct: string;
  day: string;
  team: string;
  nobody: string;
  product: string;
  outcome: string;
  equal: string;
  apart: string;
  crm: string;
  crmSum: string;
  ours: string;
  oursSum: string;
  missing: string;
  extra: string;
  different: string;
  delivery: string;
  checked: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    byDay: 'По дням', byTeam: 'По командам', byProduct: 'По продуктам', day: 'День', team: 'Команда', nobody: 'Без команды', product: 'Продукт',
    outcome: 'Итог', equal: 'сходится', apart: 'не сходится', crm: 'amoCRM', crmSum: 'Сумма amoCRM', ours: 'У нас', oursSum: 'Сумма у нас',
    missing: 'Не хватает', extra: 'Лишних', different: 'Отличаются', delivery: 'Вебхуки', checked: 'Сверено',
  },
  en: {
    byDay: 'By day', byTeam: 'By team', byProduct: 'By product', day: 'Day', team: 'Team', nobody: 'Unattributed', product: 'Product',
    outcome: 'Outcome', equal: 'agrees', apart: 'does not', crm: 'amoCRM', crmSum: 'amoCRM’s sum', ours: 'Ours', oursSum: 'Our sum',
    missing: 'Missing', extra: 'Extra', different: 'Different', delivery: 'Hooks', checked: 'Checked',
  },
};

/** The columns that every table of both sides has. */
function useSides<R extends Sides>(): Column<R>[] {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const number = (id: string, title: string, of: (row: R) => number, write: (value: number) => ReactNode = formats.number): Column<R> =>
    ({ id, title, cell: (row) => write(of(row)), by: of, isNumber: true });
  const apart = (id: 'missing' | 'extra' | 'different') =>
    number(id, texts[id], (row) => row[id], (count) => <span className={count ? 'bad' : 'quiet'}>{formats.number(count)}</span>);
  const isEqual = (row: R) => row.missing + row.extra + row.different === 0;
  return [
    {
      id: 'outcome', title: texts.outcome, by: (row) => (isEqual(row) ? 0 : 1),
      cell: (row) => <span className={isEqual(row) ? 'good nowrap' : 'bad nowrap'}>{isEqual(row) ? `✓ ${texts.equal}` : `✕ ${texts.apart}`}</span>,
    },
    number('crm', texts.crm, (row) => row.crm.count),
    number('ours', texts.ours, (row) => row.ledger.count),
    number('crm_sum', texts.crmSum, (row) => row.crm.revenue.amount, formats.tenge),
    number('ours_sum', texts.oursSum, (row) => row.ledger.revenue.amount, formats.tenge),
    apart('missing'), apart('extra'), apart('different'),
  ];
}

export function ByDay({ answer }: { answer: Answer }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const sides = useSides<Schemas['ProofOfDay']>();
  const [team] = useFilter('team');
  const [product] = useFilter('product');
  const salesOf = (day: string) =>
    `/sales?${new URLSearchParams({ from: day, to: day, ...(product ? { funnel: product } : {}), ...(team ? { team } : {}) }).toString()}`;
  const columns: Column<Schemas['ProofOfDay']>[] = [
    { id: 'day', title: texts.day, cell: (row) => <Link className="nowrap" href={salesOf(row.day)}>{formats.day(row.day)}</Link>, by: (row) => row.day },
    ...sides,
    { id: 'delivery', title: texts.delivery, cell: (row) => formats.percent(row.delivery.rate), by: (row) => row.delivery.rate, isNumber: true },
    { id: 'checked', title: texts.checked, cell: (row) => <span className="nowrap">{formats.moment(row.checked_at)}</span>, by: (row) => row.checked_at },
  ];
  return (
    <Card title={texts.byDay}>
      <Table caption={texts.byDay} columns={columns} rows={answer.by_day} keyOf={(row) => row.day} sortedBy={['day', 'down']} />
    </Card>
  );
}

export function ByTeam({ answer }: { answer: Answer }) {
  const texts = useTexts(TEXTS);
  const sides = useSides<Schemas['ProofOfTeam']>();
  const { teams } = usePerson();
  const name = (row: Schemas['ProofOfTeam']) => {
    const team = teams.find(({ id }) => id === row.team);
    return team ? <TeamName team={team} /> : (row.title ?? row.team ?? texts.nobody);
  };
  const columns: Column<Schemas['ProofOfTeam']>[] = [
    { id: 'team', title: texts.team, cell: name, by: (row) => row.title }, ...sides,
  ];
  return (
    <Card title={texts.byTeam}>
      <Table caption={texts.byTeam} columns={columns} rows={answer.by_team} keyOf={(row) => row.team ?? 'nobody'} />
    </Card>
  );
}

export function ByProduct({ answer }: { answer: Answer }) {
  const texts = useTexts(TEXTS);
  const names = useProductNames();
  const sides = useSides<Schemas['ProofOfProduct']>();
  const columns: Column<Schemas['ProofOfProduct']>[] = [
    { id: 'product', title: texts.product, cell: (row) => names[row.product], by: (row) => names[row.product] }, ...sides,
  ];
  return (
    <Card title={texts.byProduct}>
      <Table caption={texts.byProduct} columns={columns} rows={answer.by_product} keyOf={(row) => row.product} />
    </Card>
  );
}
