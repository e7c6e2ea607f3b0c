import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import { api, queries, type Schemas } from '~/api/client';
import { Said } from '~/pages/admin/sign';
import { Card } from '~/parts/card';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useFormats, type Formats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { FACEBOOK_WORDS } from './facebook-words';

type Answer = Schemas['RefreshAnswer'];
type Account = Schemas['RefreshedAccount'];

interface Words {
  title: string;
  what: string;
  pull: string;
  beginning: string;
  job: string;
  states: Record<Schemas['RefreshState'], string>;
  accounts: (done: string, total: string) => string;
  postponed: string;
  parked: string;
  each: string;
  of: Record<Account['state'], string>;
  rows: string;
  until: string;
  lastDays: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Загрузка расходов', what: 'Расходы загружаются сами каждые 3 часа. Здесь можно загрузить последние 28 дней, не дожидаясь, и найти новые кабинеты.',
    pull: 'Загрузить сейчас', beginning: 'Запускается…', job: 'Загрузка', states: { queued: 'в очереди', running: 'идёт', done: 'готово', failed: 'не удалась' },
    accounts: (done, total) => `Кабинетов загружено: ${done} из ${total}.`, postponed: 'отложено', parked: 'нужен человек', each: 'По кабинетам',
    of: { queued: 'в очереди', done: 'загружен', postponed: 'отложен', parked: 'нужен человек' }, rows: 'строк', until: 'до', lastDays: 'последние 28 дней',
  },
  en: {
    title: 'Pulling spend', what: 'Spend is pulled every 3 hours by itself. Here the last 28 days can be pulled without waiting, and new accounts found.',
    pull: 'Pull now', beginning: 'Beginning…', job: 'The pull', states: { queued: 'queued', running: 'running', done: 'done', failed: 'failed' },
    accounts: (done, total) => `Accounts pulled: ${done} of ${total}.`, postponed: 'postponed', parked: 'a person is needed', each: 'By account',
    of: { queued: 'queued', done: 'pulled', postponed: 'postponed', parked: 'a person is needed' }, rows: 'rows', until: 'until', lastDays: 'the last 28 days',
  },
};

/** In milliseconds. */
const EVERY = 1_000;

const isOver = (state: Schemas['RefreshState'] | undefined) => state === 'done' || state === 'failed';

/** Has spend pulled now and shows how far that is. The pull stands in the address, so that it can be looked at again. */
export function FacebookPull() {
  const texts = useTexts(TEXTS);
  const [parameters, setParameters] = useSearchParams();
  const id = parameters.get('pull');
  const pull = api.useMutation('post', '/api/traffic-facebook/refresh', {
    onSuccess: ({ job_id }) => setParameters((before) => {
      const after = new URLSearchParams(before);
      after.set('pull', job_id);
      return after;
    }),
  });
  return (
    <Card title={texts.title}>
      <p className="quiet">{texts.what}</p>
      <div><button type="button" disabled={pull.isPending} onClick={() => pull.mutate({ body: {} })}>{pull.isPending ? texts.beginning : texts.pull}</button></div>
      {pull.error && <Failed what={texts.job} error={pull.error} again={() => pull.mutate({ body: {} })} />}
      {id && <Progress key={id} id={id} texts={texts} />}
    </Card>
  );
}

function Progress({ id, texts }: { id: string; texts: Words }) {
  const formats = useFormats();
  const { data, error, refetch } = api.useQuery('get', '/api/traffic-facebook/refresh/{job_id}', { params: { path: { job_id: id } } }, {
    refetchInterval: ({ state }) => (isOver(state.data?.state) ? false : EVERY),
  });
  const isEnded = isOver(data?.state);
  useEffect(() => {
    // What was pulled shows on every page.
    if (isEnded) void queries.invalidateQueries();
  }, [isEnded]);
  if (error) return <Failed what={texts.job} error={error} again={refetch} />;
  if (!data) return <Waiting lines={3} />;
  const { summary, notes } = data;
  const sign = { queued: '…', running: '…', done: '✓', failed: '✕' }[data.state];
  const more = [
    ...(summary.postponed ? [`${texts.postponed}: ${formats.number(summary.postponed)}`] : []),
    ...(summary.parked ? [`${texts.parked}: ${formats.number(summary.parked)}`] : []),
  ].join(', ');
  const title = `${texts.job}, ${daysOf(data, formats) ?? texts.lastDays}: ${texts.states[data.state]}`;
  return (
    <div className="group stack" data-part="pull" data-state={data.state}>
      <p role="status" className={data.state === 'failed' ? 'bad' : undefined}>
        <b>{sign} {title}.</b> {texts.accounts(formats.number(summary.done), formats.number(summary.total))} {more}
      </p>
      <progress max={summary.total || 1} value={summary.total - summary.queued} aria-label={title} />
      {notes.map((note) => <p key={note}>▲ <Said>{note}</Said></p>)}
      {data.accounts.length > 0 && (
        <details open={data.state !== 'done' || more !== ''}>
          <summary>{texts.each}</summary>
          <ul className="earlier">{data.accounts.map((account) => <OfAccount key={account.account_id} account={account} texts={texts} />)}</ul>
        </details>
      )}
    </div>
  );
}

function daysOf({ from, to }: Answer, formats: Formats): string | null {
  return from && to ? `${formats.day(from)} – ${formats.day(to)}` : null;
}

function OfAccount({ account, texts }: { account: Account; texts: Words }) {
  const formats = useFormats();
  const { reasons } = useTexts(FACEBOOK_WORDS);
  const { state, rows, not_before, reason, message } = account;
  const [why, toDo] = reason ? reasons[reason] : [];
  const sign = { queued: '…', done: '✓', postponed: '▲', parked: '✕' }[state];
  return (
    <li>
      {sign} <code>{account.account_id}</code>: {texts.of[state]}
      {rows !== null && `, ${formats.number(rows)} ${texts.rows}`}
      {not_before && ` ${texts.until} ${formats.moment(not_before)}`}
      {why && <small className="quiet"> {why}. {toDo}</small>}
      {message && <small className="quiet"> <Said>{message}</Said></small>}
    </li>
  );
}
