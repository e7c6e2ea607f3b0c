// What fell off: what lasts, and what is over.

import './incidents.css';

import { api } from '~/api/client';
import { BY_CURSOR } from '~/api/lists';
import { PeriodBar } from '~/layout/period-bar';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { More } from '~/parts/more';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { IncidentItem } from './incidents-item';

/** Looked for every five minutes. */
const EVERY_MINUTE = 60_000;

interface Words {
  open: string;
  calm: string;
  calmMore: string;
  past: string;
  nonePast: string;
  nonePastTodo: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    open: 'Что не в порядке сейчас', calm: 'Всё в порядке.', calmMore: 'Проверяем каждые пять минут; если что-то случится, сообщим в Telegram один раз.',
    past: 'Что уже прошло', nonePast: 'За эти дни ничего не случалось.', nonePastTodo: 'Выберите другой период, чтобы увидеть более давнее.',
  },
  en: {
    open: 'What is not in order now', calm: 'All is in order.', calmMore: 'We look every five minutes; if something falls off, Telegram is told once.',
    past: 'What is over', nonePast: 'Nothing happened in these days.', nonePastTodo: 'Choose another period to see what was earlier.',
  },
};

export function Incidents() {
  return (
    <div className="stack">
      <Open />
      <Past />
    </div>
  );
}

function Open() {
  const texts = useTexts(TEXTS);
  const list = api.useInfiniteQuery('get', '/api/admin/incidents', { params: { query: { state: 'open', limit: 100 } } }, {
    ...BY_CURSOR, refetchInterval: EVERY_MINUTE,
  });
  const incidents = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Card title={texts.open}>
      {list.error && !incidents && <Failed error={list.error} again={() => void list.refetch()} />}
      {!incidents && !list.error && <Waiting lines={4} height={160} />}
      {incidents?.length === 0 && <Empty title={`✓ ${texts.calm}`}>{texts.calmMore}</Empty>}
      {incidents && incidents.length > 0 && (
        <ul className="incidents">
          {incidents.map((incident) => <IncidentItem key={`${incident.id} ${incident.opened_at}`} incident={incident} />)}
        </ul>
      )}
      <More list={list} />
    </Card>
  );
}

function Past() {
  const texts = useTexts(TEXTS);
  const { days } = useView();
  const list = api.useInfiniteQuery('get', '/api/admin/incidents', { params: { query: { state: 'ended', ...days, limit: 50 } } }, BY_CURSOR);
  const incidents = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Card title={texts.past} aside={<PeriodBar />}>
      {list.error && !incidents && <Failed error={list.error} again={() => void list.refetch()} />}
      {!incidents && !list.error && <Waiting lines={6} height={240} />}
      {incidents?.length === 0 && <Empty title={texts.nonePast}>{texts.nonePastTodo}</Empty>}
      {incidents && incidents.length > 0 && (
        <ul className="incidents">
          {incidents.map((incident) => <IncidentItem key={`${incident.id} ${incident.opened_at}`} incident={incident} />)}
        </ul>
      )}
      <More list={list} />
    </Card>
  );
}
