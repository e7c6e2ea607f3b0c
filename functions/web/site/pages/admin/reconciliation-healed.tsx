// What no hook told, and reading amoCRM found and put right.

import { useState } from 'react';
import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Table, type Column } from '~/parts/table';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';
import type { Answer } from './reconciliation';

type Change = Schemas['HealedChange'];

interface Words {
  title: string;
  none: string;
  more: string;
  all: (count: string) => string;
  deal: string;
  found: string;
  changes: Record<NonNullable<Change['change']>, string>;
  happenedAt: string;
  healedAt: string;
  sale: string;
  toSale: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Что исправлено само', none: 'За эти дни исправлять было нечего.', more: 'Названы последние 5 000, было больше.',
    all: (count) => `Показать все ${count}`, deal: 'Сделка', found: 'Что нашли',
    changes: {
      added: 'новая сделка', stage: 'другой этап', price: 'другая сумма', utm: 'другие метки', deleted: 'сделка удалена', restored: 'сделка восстановлена',
    },
    happenedAt: 'Случилось', healedAt: 'Исправлено', sale: 'Продажа', toSale: 'открыть',
  },
  en: {
    title: 'What was put right by itself', none: 'There was nothing to put right in these days.', more: 'The last 5,000 are named; there were more.',
    all: (count) => `Show all ${count}`, deal: 'Deal', found: 'What was found',
    changes: {
      added: 'a new deal', stage: 'another stage', price: 'another amount', utm: 'other UTM values', deleted: 'deal deleted', restored: 'deal restored',
    },
    happenedAt: 'Happened', healedAt: 'Put right', sale: 'Sale', toSale: 'open',
  },
};

/** So many stand there at first: of thousands nobody reads more. */
const FIRST = 50;

export function Healed({ answer }: { answer: Answer }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const view = useViewSearch();
  const [isWhole, setWhole] = useState(false);
  const columns: Column<Change>[] = [
    { id: 'deal', title: texts.deal, cell: (change) => change.lead_id ?? NOTHING, by: (change) => change.lead_id },
    { id: 'change', title: texts.found, cell: (change) => (change.change ? texts.changes[change.change] : NOTHING), by: (change) => change.change },
    { id: 'happened', title: texts.happenedAt, cell: (change) => formats.moment(change.happened_at), by: (change) => change.happened_at },
    { id: 'healed', title: texts.healedAt, cell: (change) => formats.moment(change.healed_at), by: (change) => change.healed_at },
    {
      id: 'sale', title: texts.sale,
      cell: ({ sale_id: id }) => (id ? <Link href={`/sales/${id}${view}`}>{texts.toSale}<span className="unseen"> {id}</span></Link> : NOTHING),
    },
  ];
  const { healed } = answer;
  const count = formats.number(healed.length);
  const shown = isWhole ? healed : healed.slice(0, FIRST);
  // The same deal may be healed of several things in one second.
  const places = new Map(shown.map((change, place) => [change, String(place)]));
  return (
    <Card title={`${texts.title}: ${count}${answer.healed_more ? '+' : ''}`}>
      {shown.length === 0
        ? <p className="quiet">{texts.none}</p>
        : <Table caption={texts.title} columns={columns} rows={shown} keyOf={(change) => places.get(change) ?? ''} />}
      {shown.length < healed.length && <button type="button" className="plain" onClick={() => setWhole(true)}>{texts.all(count)}</button>}
      {answer.healed_more && <p className="quiet">{texts.more}</p>}
    </Card>
  );
}
