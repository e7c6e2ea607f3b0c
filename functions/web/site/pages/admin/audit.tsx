// Who changed what, when, and what came of it.

import './audit.css';

import { useId } from 'react';
import { api } from '~/api/client';
import { BY_CURSOR } from '~/api/lists';
import { PeriodBar } from '~/layout/period-bar';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { More } from '~/parts/more';
import { Waiting } from '~/parts/waiting';
import { useFilter } from '~/view/filters';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { AuditItem } from './audit-item';

interface Words {
  title: string;
  who: string;
  whoHint: string;
  show: string;
  none: string;
  noneTodo: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Изменения', who: 'Кто', whoHint: 'Почта', show: 'Показать', none: 'За эти дни никто ничего не менял.',
    noneTodo: 'Выберите другой период или другого человека.',
  },
  en: {
    title: 'Changes', who: 'Who', whoHint: 'E-mail', show: 'Show', none: 'Nobody changed anything in these days.',
    noneTodo: 'Choose another period, or another person.',
  },
};

export function Audit() {
  const texts = useTexts(TEXTS);
  const { days } = useView();
  const [who, setWho] = useFilter('who');
  const query = { ...days, ...(who ? { who } : {}), limit: 30 };
  const list = api.useInfiniteQuery('get', '/api/admin/audit', { params: { query } }, BY_CURSOR);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const people = [...new Set(rows?.flatMap((row) => row.who.email ?? []))];
  return (
    <div className="stack">
      <div className="row">
        <PeriodBar />
        <Who key={who} who={who} people={people} texts={texts} onChoose={setWho} />
      </div>
      <Card title={texts.title}>
        {list.error && !rows && <Failed error={list.error} again={() => void list.refetch()} />}
        {!rows && !list.error && <Waiting lines={10} height={500} />}
        {rows?.length === 0 && <Empty title={texts.none}>{texts.noneTodo}</Empty>}
        {rows && rows.length > 0 && <ul className="audit">{rows.map((row) => <AuditItem key={row.id} row={row} />)}</ul>}
        <More list={list} />
      </Card>
    </div>
  );
}

interface WhoProperties {
  who: string;
  people: readonly string[];
  texts: Words;
  onChoose: (who: string) => void;
}

/** Asked for once it is typed out: half an address is nobody's. */
function Who({ who, people, texts, onChoose }: WhoProperties) {
  const list = useId();
  return (
    <form className="row" onSubmit={(event) => { event.preventDefault(); onChoose(String(new FormData(event.currentTarget).get('who')).trim()); }}>
      <label>{texts.who} <input type="search" name="who" data-search list={list} defaultValue={who} placeholder={texts.whoHint} /></label>
      <datalist id={list}>{people.map((person) => <option key={person} value={person} />)}</datalist>
      <button type="submit">{texts.show}</button>
    </form>
  );
}
