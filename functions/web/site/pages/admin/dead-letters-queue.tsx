import { useState } from 'react';
import { api, queries, type Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Table, type Column } from '~/parts/table';
import { Waiting } from '~/parts/waiting';
import { NOTHING, useFormats } from '~/view/format';
import { plural, useTexts, type Texts } from '~/view/language';
import { QUEUES } from './neighbours';
import { Said } from './sign';

interface Words {
  look: string;
  all: string;
  some: (count: number) => string;
  sending: string;
  sent: (answer: Schemas['DeadLettersResent']) => string;
  error: string;
  none: string;
  noneWhy: string;
  shown: (shown: number, waiting: number) => string;
  choose: string;
  reason: string;
  unknown: string;
  about: string;
  sentAt: string;
  times: string;
}

const letters = (count: number) => `${count} ${plural('ru', count, 'сообщение', 'сообщения', 'сообщений')}`;
const messages = (count: number) => `${count} ${plural('en', count, 'message', '', 'messages')}`;

const TEXTS: Texts<Words> = {
  ru: {
    look: 'Посмотреть ещё раз', all: 'Отправить все ещё раз', some: (count) => `Отправить выбранные (${count})`, sending: 'Отправляем…',
    sent: ({ resent, failed, not_found: missing, waiting }) =>
      [
        `Отправлено: ${letters(resent)}.`, failed ? `Не удалось отправить: ${failed}.` : '',
        missing.length ? `Не нашлось: ${missing.length}; посмотрите ещё раз.` : '', waiting ? `Осталось примерно ${waiting}.` : '',
      ].filter(Boolean).join(' '),
    error: 'Отправить ещё раз', none: 'Здесь ничего не застряло', noneWhy: 'Если число выше больше нуля, посмотрите ещё раз через полминуты.',
    shown: (shown, waiting) => `Показано ${shown} из примерно ${waiting}. Отправьте эти и посмотрите ещё раз.`, choose: 'Выбрать',
    reason: 'Почему застряло', unknown: 'Не получилось много раз подряд; причина в журнале обработчика.', about: 'О чём', sentAt: 'Отправлено',
    times: 'Попыток',
  },
  en: {
    look: 'Look again', all: 'Send all again', some: (count) => `Send the chosen (${count})`, sending: 'Sending…',
    sent: ({ resent, failed, not_found: missing, waiting }) =>
      [
        `Sent: ${messages(resent)}.`, failed ? `Could not be sent: ${failed}.` : '',
        missing.length ? `Not found: ${missing.length}; look again.` : '', waiting ? `About ${waiting} are left.` : '',
      ].filter(Boolean).join(' '),
    error: 'Sending again', none: 'Nothing is stuck here', noneWhy: 'Where the number above is more than zero, look again in half a minute.',
    shown: (shown, waiting) => `${shown} of about ${waiting} are shown. Send these and look again.`, choose: 'Choose',
    reason: 'Why it is stuck', unknown: 'It failed many times in a row; the worker’s log says why.', about: 'About', sentAt: 'Sent',
    times: 'Tries',
  },
};

const MOST = 200;

/** The dead letters of one queue. Whoever looks holds them for a moment, so nobody looks without being asked to. */
export function Letters({ queue }: { queue: Schemas['QueueName'] }) {
  const texts = useTexts(TEXTS);
  const titles = useTexts(QUEUES);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const asked = { params: { path: { queue }, query: { limit: MOST } } };
  const look = api.useQuery('get', '/api/admin/dead-letters/{queue}', asked, { refetchOnWindowFocus: false, staleTime: Infinity, gcTime: 0 });
  const resend = api.useMutation('post', '/api/admin/dead-letters/{queue}/resend', {
    onSuccess: () => {
      setChosen(new Set());
      void queries.invalidateQueries({ queryKey: ['get', '/api/admin/dead-letters'] });
      return look.refetch();
    },
  });
  const send = (ids?: string[]) => resend.mutate({ params: { path: { queue } }, body: ids ? { ids } : {} });
  const isBusy = resend.isPending || look.isFetching;
  const items = look.data?.items ?? [];
  const turn = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <Card title={titles[queue]} aside={<button type="button" disabled={isBusy} onClick={() => void look.refetch()}>{texts.look}</button>}>
      {items.length > 0 && (
        <div className="row">
          <button type="button" className="main" disabled={isBusy || chosen.size === 0} onClick={() => send([...chosen])}>{texts.some(chosen.size)}</button>
          <button type="button" disabled={isBusy} onClick={() => send()}>{texts.all}</button>
        </div>
      )}
      <p role="status">{resend.isPending ? texts.sending : resend.data && texts.sent(resend.data)}</p>
      {resend.error && <Failed what={texts.error} error={resend.error} />}
      {look.error && <Failed error={look.error} again={look.refetch} />}
      {look.isPending && <Waiting lines={6} height={240} />}
      {look.data && items.length === 0 && <Empty title={texts.none}>{texts.noneWhy}</Empty>}
      {look.data && items.length > 0 && look.data.waiting > items.length && <p className="quiet">{texts.shown(items.length, look.data.waiting)}</p>}
      {items.length > 0 && <List items={items} chosen={chosen} turn={turn} caption={titles[queue]} texts={texts} />}
    </Card>
  );
}

interface ListProperties {
  items: readonly Schemas['DeadLetter'][];
  chosen: ReadonlySet<string>;
  turn: (id: string) => void;
  caption: string;
  texts: Words;
}

function List({ items, chosen, turn, caption, texts }: ListProperties) {
  const formats = useFormats();
  const columns: Column<Schemas['DeadLetter']>[] = [
    {
      id: 'choose', title: texts.choose,
      cell: ({ id }) => <input type="checkbox" aria-label={`${texts.choose} ${id}`} checked={chosen.has(id)} onChange={() => turn(id)} />,
    },
    { id: 'reason', title: texts.reason, cell: ({ reason }) => (reason ? <Said>{reason}</Said> : texts.unknown) },
    { id: 'about', title: texts.about, cell: ({ about }) => aboutOf(about).join(', ') || NOTHING },
    { id: 'sent', title: texts.sentAt, by: ({ sent_at: at }) => at, cell: ({ sent_at: at }) => formats.moment(at) },
    { id: 'times', title: texts.times, isNumber: true, by: (letter) => letter.receive_count, cell: (letter) => formats.number(letter.receive_count) },
  ];
  return <Table caption={caption} columns={columns} rows={items} keyOf={({ id }) => id} />;
}

/** The ids that can be read in a message. */
function aboutOf(about: Schemas['DeadLetter']['about']): string[] {
  return Object.values(about).flatMap((value) => (Array.isArray(value) ? value.map(String) : typeof value === 'boolean' ? [] : [String(value)]));
}
