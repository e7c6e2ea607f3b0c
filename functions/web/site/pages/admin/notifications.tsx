// What was sent to the school's chat and to people who left a form, what waits, and what did not arrive.

import './notifications.css';

import { useId, useState } from 'react';
import { api } from '~/api/client';
import { BY_CURSOR, EVERY } from '~/api/lists';
import { Card } from '~/parts/card';
import { Choice } from '~/parts/choice';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { More } from '~/parts/more';
import { Waiting } from '~/parts/waiting';
import { useChoiceFilter, useFilter } from '~/view/filters';
import { useTexts, type Texts } from '~/view/language';
import { Resend } from './notifications-resend';
import { Messages } from './notifications-table';
import { CAMPAIGNS, useMessageWords, type Message } from './notifications-words';

interface Words {
  title: string;
  status: string;
  all: string;
  campaign: string;
  hint: string;
  show: string;
  none: string;
  noneTodo: string;
  queued: (channel: string) => string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Сообщения', status: 'Состояние', all: 'Все', campaign: 'О чём', hint: 'Например, sales', show: 'Показать',
    none: 'Таких сообщений нет.', noneTodo: 'Снимите фильтр или выберите другой.',
    queued: (channel) => `${channel}: сообщение поставлено в очередь и уйдёт в течение минуты.`,
  },
  en: {
    title: 'Messages', status: 'State', all: 'All', campaign: 'About', hint: 'Such as sales', show: 'Show',
    none: 'There are no such messages.', noneTodo: 'Take the filter away, or choose another.',
    queued: (channel) => `${channel}: the message is queued and goes out within a minute.`,
  },
};

const STATUSES = ['failed', 'pending', 'sent'] as const satisfies readonly Message['status'][];

export function Notifications() {
  const texts = useTexts(TEXTS);
  const words = useMessageWords();
  const [status, setStatus] = useChoiceFilter('status', STATUSES);
  const [campaign, setCampaign] = useFilter('campaign');
  const [chosen, setChosen] = useState<Message | null>(null);
  const [sent, setSent] = useState<Message | null>(null);
  const query = { ...(status ? { status } : {}), ...(campaign ? { source_campaign: campaign } : {}), limit: 50 };
  const list = api.useInfiniteQuery('get', '/api/admin/notifications', { params: { query } }, {
    ...BY_CURSOR,
    // All pages are asked for again: of many that would be a lot for little.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 2 ? false : EVERY),
  });
  const messages = list.data?.pages.flatMap(({ items }) => items);
  const seen = [...new Set([...CAMPAIGNS, ...(messages?.map((message) => message.source_campaign) ?? [])])];
  const statuses: (readonly [Message['status'] | '', string])[] = [['', texts.all], ...STATUSES.map((id) => [id, words.statuses[id]] as const)];
  return (
    <div className="stack notifications">
      <div className="row">
        <Choice label={texts.status} value={status} choices={statuses} onChange={setStatus} />
        <Campaign key={campaign} campaign={campaign} known={seen} texts={texts} onChoose={setCampaign} />
      </div>
      <p role="status" className={sent ? 'notice good' : 'unseen'}>{sent && texts.queued(words.channels[sent.channel])}</p>
      <Card title={texts.title}>
        {list.error && !list.isFetchNextPageError && <Failed error={list.error} again={() => void list.refetch()} />}
        {!messages && !list.error && <Waiting lines={12} height={600} />}
        {messages?.length === 0 && <Empty title={texts.none}>{texts.noneTodo}</Empty>}
        {messages && messages.length > 0 && <Messages messages={messages} onResend={setChosen} />}
        <More list={list} />
      </Card>
      {chosen && <Resend message={chosen} onSent={setSent} onClose={() => setChosen(null)} />}
    </div>
  );
}

interface CampaignProperties {
  campaign: string;
  known: readonly string[];
  texts: Words;
  onChoose: (campaign: string) => void;
}

/** Typed, because each landing page has one of its own; asked for once it is typed out. */
function Campaign({ campaign, known, texts, onChoose }: CampaignProperties) {
  const words = useMessageWords();
  const list = useId();
  return (
    <form className="row" onSubmit={(event) => { event.preventDefault(); onChoose(String(new FormData(event.currentTarget).get('campaign')).trim()); }}>
      <label>{texts.campaign} <input type="search" name="campaign" data-search list={list} defaultValue={campaign} placeholder={texts.hint} /></label>
      <datalist id={list}>{known.map((id) => <option key={id} value={id}>{words.campaign(id)}</option>)}</datalist>
      <button type="submit">{texts.show}</button>
    </form>
  );
}
