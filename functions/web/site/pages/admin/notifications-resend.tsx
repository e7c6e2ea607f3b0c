import { useEffect, useId, useRef } from 'react';
import { api, Failure, queries } from '~/api/client';
import { Failed } from '~/parts/failed';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useMessageWords, type Message } from './notifications-words';

interface Words {
  title: string;
  what: string;
  asNow: string;
  twice: string;
  paid: string;
  send: string;
  sending: string;
  leave: string;
  failed: string;
  waits: string;
  gone: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Отправить ещё раз?', what: 'создано', asNow: 'Текст будет таким, как в настройках сейчас.',
    twice: 'Это сообщение уже ушло: получатель увидит его второй раз.', paid: 'SMS стоит денег.', send: 'Отправить', sending: 'Отправляем…',
    leave: 'Не отправлять', failed: 'Отправка', waits: 'Оно и так ждёт отправки: кто-то уже попросил об этом.', gone: 'Такого сообщения больше нет.',
  },
  en: {
    title: 'Send it again?', what: 'created', asNow: 'The text will be as the settings have it now.',
    twice: 'It has gone out already: whoever got it sees it twice.', paid: 'An SMS costs money.', send: 'Send', sending: 'Sending…',
    leave: 'Do not send', failed: 'Sending', waits: 'It waits to be sent already: somebody has asked for that.', gone: 'There is no such message any more.',
  },
};

interface Properties {
  message: Message;
  onSent: (message: Message) => void;
  onClose: () => void;
}

/** Nothing goes out to people by a slip of the hand: what would be sent is said first. */
export function Resend({ message, onSent, onClose }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const words = useMessageWords();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const renewed = () => queries.invalidateQueries({ queryKey: ['get', '/api/admin/notifications'] });
  const resend = api.useMutation('post', '/api/admin/notifications/{id}/resend', {
    onSuccess: () => {
      dialog.current?.close();
      onSent(message);
      return renewed();
    },
    // Somebody else was faster, so what is shown is old.
    onError: (error) => (said(error, texts) ? renewed() : undefined),
  });
  const refused = said(resend.error, texts);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <div className="stack">
        <h2 id={id}>{texts.title}</h2>
        <p>
          <b>{words.channels[message.channel]}</b>: {words.campaign(message.source_campaign)}, {texts.what} {formats.moment(message.created_at)}
        </p>
        <p className="quiet">
          {message.status === 'sent' && `${texts.twice} `}{message.channel === 'sms' && `${texts.paid} `}{texts.asNow}
        </p>
        {refused && <p role="alert" className="problem">{refused}</p>}
        {resend.error && !refused && <Failed what={texts.failed} error={resend.error} />}
        <div className="row">
          <button type="button" className="main" disabled={resend.isPending || refused !== null} onClick={() => resend.mutate({ params: { path: { id: message.id } } })}>
            {resend.isPending ? texts.sending : texts.send}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>{texts.leave}</button>
        </div>
      </div>
    </dialog>
  );
}

/** Refusals that trying again would not change. */
function said(error: unknown, texts: Words): string | null {
  const status = error instanceof Failure ? error.status : null;
  return status === 409 ? texts.waits : status === 404 ? texts.gone : null;
}
