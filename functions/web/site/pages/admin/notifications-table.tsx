import { Link } from 'wouter';
import { Table, type Column } from '~/parts/table';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';
import { useMessageWords, type Message } from './notifications-words';
import { Said } from './sign';

interface Words {
  caption: string;
  created: string;
  status: string;
  channel: string;
  about: string;
  sale: string;
  incident: string;
  form: string;
  tries: string;
  triesHint: string;
  error: string;
  next: string;
  again: string;
  wasAgain: string;
  act: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    caption: 'Сообщения', created: 'Создано', status: 'Состояние', channel: 'Куда', about: 'О чём', sale: 'открыть продажу',
    incident: 'открыть происшествия', form: 'заявка', tries: 'Попыток', triesHint: 'С тех пор, как попросили отправить', error: 'Что помешало',
    next: 'не раньше', again: 'Отправить ещё раз', wasAgain: 'просили отправить ещё раз', act: 'Действие',
  },
  en: {
    caption: 'Messages', created: 'Created', status: 'State', channel: 'By', about: 'About', sale: 'open the sale',
    incident: 'open incidents', form: 'form', tries: 'Tries', triesHint: 'Since sending was asked for', error: 'What stood in the way',
    next: 'not before', again: 'Send again', wasAgain: 'asked to be sent again', act: 'Act',
  },
};

const LOOKS: Record<Message['status'], readonly [sign: string, mood: string]> = { pending: ['…', 'warn'], sent: ['✓', 'good'], failed: ['✕', 'bad'] };

interface Properties {
  messages: readonly Message[];
  onResend: (message: Message) => void;
}

/** The messages, each with what became of it. */
export function Messages({ messages, onResend }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const words = useMessageWords();
  const columns: Column<Message>[] = [
    { id: 'created', title: texts.created, cell: (message) => <span className="nowrap">{formats.moment(message.created_at)}</span>, by: (message) => message.created_at },
    { id: 'status', title: texts.status, cell: (message) => <Standing message={message} texts={texts} />, by: (message) => message.status },
    { id: 'channel', title: texts.channel, cell: ({ channel }) => words.channels[channel], by: ({ channel }) => channel },
    { id: 'about', title: texts.about, cell: (message) => <About message={message} texts={texts} />, by: (message) => message.source_campaign },
    { id: 'tries', title: texts.tries, hint: texts.triesHint, cell: ({ attempts }) => formats.number(attempts), by: ({ attempts }) => attempts, isNumber: true },
    {
      id: 'error', title: texts.error,
      cell: ({ last_error: error }) => <span className="why">{error ? <Said>{error}</Said> : NOTHING}</span>,
    },
    {
      id: 'act', title: texts.act,
      cell: (message) => message.status === 'pending'
        ? NOTHING
        : <button type="button" className="nowrap" onClick={() => onResend(message)}>{texts.again}<span className="unseen">: {words.channels[message.channel]}, {formats.moment(message.created_at)}</span></button>,
    },
  ];
  return <Table caption={texts.caption} columns={columns} rows={messages} keyOf={({ id }) => id} />;
}

function Standing({ message, texts }: { message: Message; texts: Words }) {
  const formats = useFormats();
  const words = useMessageWords();
  const [sign, mood] = LOOKS[message.status];
  const at = message.status === 'pending' ? `${texts.next} ${formats.moment(message.due_at)}` : formats.moment(message.sent_at ?? message.due_at);
  return (
    <span className="standing-of" data-status={message.status}>
      <span className={`badge ${mood}`}><span aria-hidden="true">{sign} </span>{words.statuses[message.status]}</span>
      <small className="quiet nowrap">{at}</small>
      {message.resent_at && <small className="quiet">{texts.wasAgain} {formats.moment(message.resent_at)}</small>}
    </span>
  );
}

function About({ message, texts }: { message: Message; texts: Words }) {
  const view = useViewSearch();
  const words = useMessageWords();
  return (
    <span className="standing-of">
      <span>{words.campaign(message.source_campaign)}</span>
      {message.sale_id && <Link href={`/sales/${encodeURIComponent(message.sale_id)}${view}`}>{texts.sale}<span className="unseen"> {message.sale_id}</span></Link>}
      {message.incident_id && <Link href={`/admin/incidents${view}`}>{texts.incident}</Link>}
      {message.lead_id && <small className="quiet">{texts.form} <code>{message.lead_id}</code></small>}
    </span>
  );
}
