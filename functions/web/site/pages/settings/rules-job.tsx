import { useEffect } from 'react';
import { api, queries, type Schemas } from '~/api/client';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';

type Job = Schemas['RulesJobAnswer'];

interface Words {
  kinds: Record<Job['kind'], string>;
  states: Record<Job['state'], string>;
  days: (done: string, all: string) => string;
  moved: (deals: string, leads: string) => string;
  by: string;
  undo: string;
  undone: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    kinds: { apply: 'Применение правил', undo: 'Отмена применения' }, states: { queued: 'в очереди', running: 'идёт', done: 'готово' },
    days: (done, all) => `Дней готово: ${done} из ${all}.`, moved: (deals, leads) => `Перенесено сделок: ${deals}, заявок: ${leads}.`, by: 'Запустил(а)',
    undo: 'Вернуть как было', undone: 'Уже отменено: всё стоит так, как стояло до этого.',
  },
  en: {
    kinds: { apply: 'Applying the rules', undo: 'Undoing' }, states: { queued: 'queued', running: 'running', done: 'done' },
    days: (done, all) => `Days done: ${done} of ${all}.`, moved: (deals, leads) => `Moved deals: ${deals}, leads: ${leads}.`, by: 'Begun by',
    undo: 'Put it back as it was', undone: 'Undone already: everything stands as it did before.',
  },
};

/** In milliseconds. */
const EVERY = 1_000;

interface Properties {
  id: string;
  onUndo: (id: string) => void;
  isBusy: boolean;
}

export function RulesJob({ id, onUndo, isBusy }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const { data, error, refetch } = api.useQuery('get', '/api/admin/attribution/jobs/{job_id}', { params: { path: { job_id: id } } }, {
    refetchInterval: ({ state }) => (state.data?.state === 'done' ? false : EVERY),
  });
  const isDone = data?.state === 'done';
  useEffect(() => {
    // What it has moved shows on every page, and the job that it undoes is not what it was.
    if (isDone) void queries.invalidateQueries();
  }, [isDone]);
  if (error) return <Failed error={error} again={refetch} />;
  if (!data) return <Waiting lines={3} />;
  const title = `${texts.kinds[data.kind]}, ${formats.day(data.from)} – ${formats.day(data.to)}: ${texts.states[data.state]}`;
  return (
    <div className="group stack" data-part="job" data-state={data.state}>
      <p role="status"><b>{isDone ? '✓' : '…'} {title}.</b> {isDone && texts.moved(formats.number(data.deals_moved), formats.number(data.leads_moved))}</p>
      <progress max={data.days} value={isDone ? data.days : data.days_done} aria-label={title} />
      <p className="quiet">
        {texts.days(formats.number(data.days_done), formats.number(data.days))}{' '}
        {texts.by} {data.by.email ?? data.by.id}, {formats.moment(data.requested_at)}.
      </p>
      {data.undone_by && <p>{texts.undone}</p>}
      {isDone && data.kind === 'apply' && !data.undone_by && (
        <div><button type="button" disabled={isBusy} onClick={() => onUndo(id)}>{texts.undo}</button></div>
      )}
    </div>
  );
}
