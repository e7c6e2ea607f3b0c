// One event: its hook as it came, what was made of it, and taking it in again.

import { Link, useParams } from 'wouter';
import { api, Failure, queries, type Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';
import { Body } from './event-body';
import { EventList } from './events-list';
import { OutcomeSign, Results, WORDS } from './outcome';
import { Said } from './sign';

interface Words {
  back: string;
  what: string;
  gone: string;
  goneWhy: string;
  came: string;
  happened: string;
  route: string;
  origin: string;
  deal: string;
  action: string;
  outcome: string;
  sale: string;
  problems: string;
  replay: string;
  replaying: string;
  replayed: string;
  replayFailed: string;
  again: string;
  notKept: string;
  was: string;
  others: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    back: 'Все события', what: 'Событие', gone: 'Такого события нет', goneWhy: 'Проверьте адрес или найдите событие в списке.',
    came: 'Пришло', happened: 'Случилось', route: 'Вход', origin: 'Откуда', deal: 'Сделка', action: 'Действие', outcome: 'Результат',
    sale: 'Открыть продажу', problems: 'Что не прочиталось', replay: 'Принять заново', replaying: 'Читаем ещё раз…',
    replayed: 'Прочитано ещё раз:', replayFailed: 'Принять заново',
    again: 'Тело хука прочитается ещё раз по сегодняшним правилам. То, что уже учтено, второй раз не посчитается.',
    notKept: 'Тело хука больше не хранится (90 дней), поэтому принять его заново нельзя.', was: 'Уже принималось заново',
    others: 'Другие события того же хука',
  },
  en: {
    back: 'All events', what: 'The event', gone: 'There is no such event', goneWhy: 'Check the address or find the event in the list.',
    came: 'Came', happened: 'Happened', route: 'Door', origin: 'From', deal: 'Deal', action: 'Action', outcome: 'Outcome',
    sale: 'Open the sale', problems: 'What could not be read', replay: 'Take in again', replaying: 'Reading it again…',
    replayed: 'Read again:', replayFailed: 'Taking it in again',
    again: 'The hook is read again by the rules of today. What is counted already is not counted twice.',
    notKept: 'The body of the hook is no longer kept (90 days), so it cannot be taken in again.', was: 'Taken in again before',
    others: 'Other events of the same hook',
  },
};

export function EventPage() {
  const texts = useTexts(TEXTS);
  const view = useViewSearch();
  const { id = '' } = useParams();
  const asked = { params: { path: { id } } };
  const event = api.useQuery('get', '/api/admin/events/{id}', asked);
  const isGone = event.error instanceof Failure && event.error.status === 404;
  return (
    <>
      <p><Link href={`/admin/events${view}`}>← {texts.back}</Link></p>
      {isGone && <Empty title={texts.gone}>{texts.goneWhy}</Empty>}
      {event.error && !isGone && <Failed what={texts.what} error={event.error} again={event.refetch} />}
      {event.isPending && <Waiting lines={12} height={700} />}
      {event.data && <Shown answer={event.data} texts={texts} />}
    </>
  );
}

function Shown({ answer, texts }: { answer: Schemas['EventAnswer']; texts: Words }) {
  const formats = useFormats();
  const words = useTexts(WORDS);
  const { event, raw, others, replay } = answer;
  const facts: [string, string | number | null][] = [
    [texts.came, formats.moment(event.received_at)], [texts.happened, formats.moment(event.happened_at)],
    [texts.route, words.routes[event.route]], [texts.origin, words.origins[event.origin]], [texts.deal, event.lead_id],
    [texts.action, event.action],
  ];
  return (
    <>
      <Card title={<>{texts.outcome}: <OutcomeSign outcome={event.outcome} />{event.reason && ` ${words.reasons[event.reason]}`}</>}>
        <dl className="details">
          {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value ?? NOTHING}</dd></div>)}
        </dl>
        {event.sale_id && <p><Link href={`/sales/${encodeURIComponent(event.sale_id)}`}>{texts.sale} →</Link></p>}
        {event.problems.length > 0 && (
          <>
            <h3>{texts.problems}</h3>
            <ul>{event.problems.map((problem) => <li key={problem}><Said>{problem}</Said></li>)}</ul>
          </>
        )}
      </Card>
      {event.origin === 'hook' && <Replay id={event.id} isKept={raw !== null} was={replay} texts={texts} />}
      <Body raw={raw} isOfHook={event.origin === 'hook'} />
      {others.length > 0 && <Card title={texts.others}><EventList items={others} /></Card>}
    </>
  );
}

interface ReplayProperties {
  id: string;
  isKept: boolean;
  was: Schemas['EventReplay'] | null;
  texts: Words;
}

function Replay({ id, isKept, was, texts }: ReplayProperties) {
  const formats = useFormats();
  const replay = api.useMutation('post', '/api/admin/events/{id}/replay', {
    onSuccess: () =>
      Promise.all(['/api/admin/events', '/api/admin/events/{id}'].map((path) => queries.invalidateQueries({ queryKey: ['get', path] }))),
  });
  const go = () => replay.mutate({ params: { path: { id } } });
  return (
    <Card title={texts.replay}>
      <p className="quiet">{isKept ? texts.again : texts.notKept}</p>
      {isKept && <div className="row"><button type="button" className="main" disabled={replay.isPending} onClick={go}>{texts.replay}</button></div>}
      <div role="status">
        {replay.isPending && texts.replaying}
        {replay.data && <><p>{texts.replayed}</p><Results results={replay.data.results} /></>}
      </div>
      {replay.error && <Failed what={texts.replayFailed} error={replay.error} again={go} />}
      {was && !replay.data && (
        <div>
          <p>{texts.was}: {formats.moment(was.replayed_at)}</p>
          <Results results={was.results} />
        </div>
      )}
    </Card>
  );
}
