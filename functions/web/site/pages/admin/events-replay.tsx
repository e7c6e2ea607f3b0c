// Taking the hooks of a filter in again: first what would be, then the run, batch by batch, until all is done or somebody stops it.

import { useEffect, useRef, useState } from 'react';
import { client, queries, type Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Failed } from '~/parts/failed';
import { useFormats } from '~/view/format';
import { plural, useTexts, type Texts } from '~/view/language';
import { EventList } from './events-list';
import { WORDS } from './outcome';
import { Said } from './sign';

type Filter = Pick<Schemas['EventsReplayRequest'], 'outcome' | 'route' | 'from' | 'to'>;
type Answer = Schemas['EventsReplayAnswer'];
type Results = Answer['results'];

interface Words {
  title: string;
  what: string;
  look: string;
  looking: (found: number) => string;
  would: (found: number) => string;
  none: string;
  gone: (count: number) => string;
  first: (count: number) => string;
  run: (count: number) => string;
  running: (done: number, all: number) => string;
  stop: string;
  on: string;
  stopped: (done: number, all: number) => string;
  done: (count: number) => string;
  failed: string;
  failures: string;
  error: string;
  nothing: string;
}

const hooks = (count: number) => `${count} ${plural('ru', count, 'событие', 'события', 'событий')}`;
const events = (count: number) => `${count} ${plural('en', count, 'event', '', 'events')}`;

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Принять заново',
    what: 'После исправления в системе всё, что выбрано фильтром выше, можно прочитать ещё раз. То, что уже учтено, второй раз не посчитается.',
    look: 'Посмотреть, что будет принято', looking: (found) => `Ищем: пока ${hooks(found)}`,
    would: (found) => `Будет прочитано заново: ${hooks(found)}. Пока ничего не изменено.`, none: 'По этому фильтру принимать нечего.',
    gone: (count) => `Ещё ${hooks(count)} прочитать нельзя: их тела хранятся 90 дней.`,
    first: (count) => (count < SHOWN ? 'Вот они' : `Первые ${count}`),
    run: (count) => `Принять заново: ${hooks(count)}`, running: (done, all) => `Принято ${done} из ${all}`, stop: 'Остановить',
    on: 'Продолжить', stopped: (done, all) => `Остановлено: принято ${done} из ${all}. Остальное осталось как было.`,
    done: (count) => `Готово: прочитано заново ${hooks(count)}.`, failed: 'Не удалось принять', failures: 'Не принято', error: 'Принять заново',
    nothing: 'Ничего не получилось.',
  },
  en: {
    title: 'Take in again',
    what: 'Once something is mended, all that the filter above lets through can be read again. What is counted already is not counted twice.',
    look: 'See what would be taken in', looking: (found) => `Looking: ${events(found)} so far`,
    would: (found) => `Would be read again: ${events(found)}. Nothing has been changed yet.`, none: 'Nothing to take in with this filter.',
    gone: (count) => `${events(count)} more cannot be read: bodies are kept for 90 days.`,
    first: (count) => (count < SHOWN ? 'These' : `The first ${count}`),
    run: (count) => `Take in again: ${events(count)}`, running: (done, all) => `${done} of ${all} taken in`, stop: 'Stop',
    on: 'Go on', stopped: (done, all) => `Stopped: ${done} of ${all} taken in. The rest is as it was.`,
    done: (count) => `Done: ${events(count)} read again.`, failed: 'Could not be taken in', failures: 'Not taken in', error: 'Taking in again',
    nothing: 'Nothing came of it.',
  },
};

/** Where a walk over all batches stands. */
interface Walk {
  state: 'going' | 'stopped' | 'done';
  matched: number;
  /** Of a dry run: those whose bodies are still kept. */
  replayable: number;
  replayed: number;
  results: Results;
  failures: Answer['failures'];
  /** The first of those that would be, of a dry run. */
  items: Schemas['Event'][];
  next: string | undefined;
  error: unknown;
}

/** So many are shown of what a dry run found. */
const SHOWN = 20;

const BEGUN: Walk = {
  state: 'going', matched: 0, replayable: 0, replayed: 0, failures: [], items: [], next: undefined, error: null,
  results: { recorded: 0, updated: 0, duplicate: 0, ignored: 0, quarantined: 0, failed: 0 },
};

function added(walk: Walk, answer: Answer): Walk {
  const names = Object.keys(walk.results) as (keyof Results)[];
  const results = { ...walk.results };
  for (const name of names) results[name] += answer.results[name];
  return {
    ...walk, results, matched: walk.matched + answer.matched, replayable: walk.replayable + answer.replayable, replayed: walk.replayed + answer.replayed,
    failures: [...walk.failures, ...answer.failures], items: [...walk.items, ...(answer.items ?? [])].slice(0, SHOWN), next: answer.next, state: answer.next ? 'going' : 'done',
  };
}

/** Asks for one batch after another; the answer of each is shown before the next is asked for. */
function useWalk(filter: Filter, isDry: boolean) {
  const [walk, setWalk] = useState<Walk | null>(null);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const go = async (from: Walk) => {
    const control = new AbortController();
    stop.current = control;
    let at: Walk = { ...from, state: 'going', error: null };
    setWalk(at);
    try {
      while (at.state === 'going' && !control.signal.aborted) {
        const cursor = at.next ? { cursor: at.next } : {};
        // A batch that has begun is let come to its end, so that its result is known.
        const { data } = await client.POST('/api/admin/events/replay', { body: { ...filter, dry_run: isDry, ...cursor } });
        if (!data) break;
        at = added(at, data);
        setWalk(at);
      }
      if (at.state === 'going') setWalk({ ...at, state: 'stopped' });
    } catch (error) {
      setWalk({ ...at, state: 'stopped', error });
    }
    if (!isDry) void queries.invalidateQueries({ queryKey: ['get', '/api/admin/events'] });
  };
  return { walk, begin: () => void go(BEGUN), goOn: () => walk && void go(walk), stop: () => stop.current?.abort(), clear: () => setWalk(null) };
}

export function ReplayMany({ filter }: { filter: Filter }) {
  const texts = useTexts(TEXTS);
  const dry = useWalk(filter, true);
  const wet = useWalk(filter, false);
  const found = dry.walk?.state === 'done' ? dry.walk.replayable : 0;
  const isBusy = dry.walk?.state === 'going' || wet.walk?.state === 'going';
  const look = () => {
    wet.clear();
    dry.begin();
  };
  return (
    <Card title={texts.title}>
      <p className="quiet">{texts.what}</p>
      <div className="row">
        <button type="button" disabled={isBusy} onClick={look}>{texts.look}</button>
        {found > 0 && !wet.walk && <button type="button" className="main" onClick={wet.begin}>{texts.run(found)}</button>}
        {wet.walk?.state === 'going' && <button type="button" onClick={wet.stop}>{texts.stop}</button>}
        {wet.walk?.state === 'stopped' && <button type="button" className="main" onClick={wet.goOn}>{texts.on}</button>}
        <span role="status">{said(texts, dry.walk, wet.walk)}</span>
      </div>
      {wet.walk?.state === 'going' && (
        <progress aria-label={texts.running(wet.walk.matched, found)} max={Math.max(found, 1)} value={Math.min(wet.walk.matched, found)} />
      )}
      {dry.walk?.error != null && <Failed what={texts.look} error={dry.walk.error} again={dry.goOn} />}
      {wet.walk?.error != null && <Failed what={texts.error} error={wet.walk.error} again={wet.goOn} />}
      {dry.walk && dry.walk.items.length > 0 && !wet.walk && (
        <>
          <h3>{texts.first(dry.walk.items.length)}</h3>
          <EventList items={dry.walk.items} />
        </>
      )}
      {wet.walk && wet.walk.matched > 0 && <Counts walk={wet.walk} texts={texts} />}
    </Card>
  );
}

function said(texts: Words, dry: Walk | null, wet: Walk | null): string {
  const all = dry?.matched ?? 0;
  if (wet?.state === 'going') return texts.running(wet.matched, all);
  if (wet?.state === 'stopped') return texts.stopped(wet.matched, all);
  if (wet) return texts.done(wet.replayed);
  if (dry?.state === 'going') return texts.looking(all);
  if (dry?.state === 'done') return outlook(texts, dry);
  return '';
}

function outlook(texts: Words, { matched, replayable }: Walk): string {
  const gone = matched - replayable;
  return [replayable ? texts.would(replayable) : texts.none, ...(gone ? [texts.gone(gone)] : [])].join(' ');
}

function Counts({ walk, texts }: { walk: Walk; texts: Words }) {
  const { outcomes } = useTexts(WORDS);
  const formats = useFormats();
  const names = (Object.keys(walk.results) as (keyof Results)[]).filter((name) => walk.results[name] > 0);
  return (
    <>
      <dl className="details">
        {names.map((name) => (
          <div key={name}>
            <dt>{name === 'failed' ? texts.failed : outcomes[name]}</dt>
            <dd data-result={name}>{formats.number(walk.results[name])}</dd>
          </div>
        ))}
        {names.length === 0 && <div><dt>{texts.nothing}</dt></div>}
      </dl>
      {walk.failures.length > 0 && (
        <details open>
          <summary>{texts.failures}</summary>
          <ul>{walk.failures.map(({ id, problem }) => <li key={id}><code>{id}</code>: <Said>{problem}</Said></li>)}</ul>
        </details>
      )}
    </>
  );
}
