// Messages that no worker could do anything with: the queues, and those of one with their reason, to be sent again.

import { Link, useSearch } from 'wouter';
import { api, type Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Table, type Column } from '~/parts/table';
import { Waiting } from '~/parts/waiting';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { Letters } from './dead-letters-queue';
import { QUEUES } from './neighbours';
import { useParameter } from './parameter';
import { Sign } from './sign';

interface Words {
  title: string;
  what: string;
  queue: string;
  waiting: string;
  oldest: string;
  state: string;
  clear: string;
  stuck: string;
  open: string;
  none: string;
  noneWhy: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Очереди', what: 'Сюда попадает то, что не удалось обработать. Хранится 14 дней: исправьте причину и отправьте ещё раз.',
    queue: 'Очередь', waiting: 'Застряло', oldest: 'Самое старое', state: 'Состояние', clear: 'Пусто', stuck: 'Ждёт человека', open: 'Выбрано',
    none: 'Нигде ничего не застряло', noneWhy: 'Когда что-то застрянет, об этом придёт сообщение в Telegram, а письма появятся здесь.',
  },
  en: {
    title: 'Queues', what: 'What could not be worked off comes here. It is kept for 14 days: mend the cause and send it again.',
    queue: 'Queue', waiting: 'Stuck', oldest: 'Oldest', state: 'State', clear: 'Empty', stuck: 'Waits for a person', open: 'Chosen',
    none: 'Nothing is stuck anywhere', noneWhy: 'When something is, Telegram tells of it, and the messages stand here.',
  },
};

const NAMES = ['hook-retry', 'facebook-pull', 'facebook-refresh', 'amocrm-writer', 'notifications', 'attribution'] as const;

export function DeadLetters() {
  const texts = useTexts(TEXTS);
  const [chosen] = useParameter('queue', NAMES);
  const queues = api.useQuery('get', '/api/admin/dead-letters', {}, { refetchInterval: 30_000 });
  const isClear = queues.data?.items.every(({ waiting }) => waiting === 0) ?? false;
  return (
    <>
      <Card title={texts.title}>
        <p className="quiet">{texts.what}</p>
        {queues.error && <Failed error={queues.error} again={queues.refetch} />}
        {queues.isPending && <Waiting lines={8} height={300} />}
        {queues.data && <Queues items={queues.data.items} chosen={chosen} texts={texts} />}
        {isClear && !chosen && <Empty title={texts.none}>{texts.noneWhy}</Empty>}
      </Card>
      {chosen && <Letters key={chosen} queue={chosen} />}
    </>
  );
}

interface QueuesProperties {
  items: readonly Schemas['DeadLetterQueue'][];
  chosen: Schemas['QueueName'] | null;
  texts: Words;
}

function Queues({ items, chosen, texts }: QueuesProperties) {
  const titles = useTexts(QUEUES);
  const formats = useFormats();
  const search = useSearch();
  const linkTo = (queue: string) => {
    const parameters = new URLSearchParams(search);
    parameters.set('queue', queue);
    return `/admin/dead-letters?${parameters}`;
  };
  const columns: Column<Schemas['DeadLetterQueue']>[] = [
    {
      id: 'queue', title: texts.queue, by: ({ queue }) => titles[queue],
      cell: ({ queue }) => <Link href={linkTo(queue)} aria-current={queue === chosen ? 'true' : undefined}>{titles[queue]}</Link>,
    },
    {
      id: 'state', title: texts.state,
      cell: ({ waiting }) => <Sign status={waiting ? 'error' : 'ok'}>{waiting ? texts.stuck : texts.clear}</Sign>,
    },
    { id: 'waiting', title: texts.waiting, isNumber: true, by: ({ waiting }) => waiting, cell: ({ waiting }) => formats.number(waiting) },
    {
      id: 'oldest', title: texts.oldest, by: ({ oldest_sent_at: at }) => at,
      cell: ({ oldest_sent_at: at }) => (at ? <span title={formats.moment(at)}>{formats.ago(at)}</span> : NOTHING),
    },
  ];
  return <Table caption={texts.title} columns={columns} rows={items} keyOf={({ queue }) => queue} sortedBy={['waiting', 'down']} />;
}
