import { useState } from 'react';
import type { Schemas } from '~/api/client';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { changes, said } from './audit-changes';

type Row = Schemas['AuditRow'];

interface Words {
  actions: Record<Row['action'], string>;
  subjects: Record<string, string>;
  before: string;
  after: string;
  what: string;
  whole: string;
  more: (count: number) => string;
  lastFour: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    actions: {
      settings_changed: 'Изменены настройки', secret_replaced: 'Заменён ключ', rules_applied: 'Правила применены к прошлым продажам',
      rules_undone: 'Применение правил отменено', events_replayed: 'События обработаны заново',
    },
    subjects: {
      teams: 'команды', products: 'продукты', payment_stages: 'этапы оплаты', ad_accounts: 'рекламные кабинеты', notifications: 'тексты сообщений',
      alerts: 'оповещения', facebook: 'Facebook', amocrm: 'amoCRM', telegram: 'Telegram', sms: 'SMS', openai: 'OpenAI', supabase: 'Supabase',
    },
    before: 'Было', after: 'Стало', what: 'Что', whole: 'всё', more: (count) => `Показать ещё ${count}`, lastFour: 'Видны только последние четыре знака ключа.',
  },
  en: {
    actions: {
      settings_changed: 'Settings changed', secret_replaced: 'Key replaced', rules_applied: 'Rules applied to earlier sales',
      rules_undone: 'Applying of rules undone', events_replayed: 'Events replayed',
    },
    subjects: {
      teams: 'teams', products: 'products', payment_stages: 'payment stages', ad_accounts: 'ad accounts', notifications: 'texts of messages',
      alerts: 'alerts', facebook: 'Facebook', amocrm: 'amoCRM', telegram: 'Telegram', sms: 'SMS', openai: 'OpenAI', supabase: 'Supabase',
    },
    before: 'Before', after: 'After', what: 'What', whole: 'all', more: (count) => `Show ${count} more`, lastFour: 'Only the last four characters of a key are kept.',
  },
};

/** So many differences stand there at first. */
const FIRST = 8;

/** One change: who, when, what of it differs, and what came of it. */
export function AuditItem({ row }: { row: Row }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const [isWhole, setWhole] = useState(false);
  const differing = changes(row.before, row.after);
  const shown = isWhole ? differing : differing.slice(0, FIRST);
  const title = texts.actions[row.action] ?? row.action;
  return (
    <li data-audit={row.id}>
      <p className="row">
        <b>{title}: {texts.subjects[row.subject] ?? row.subject}</b>
        <span className="quiet">{formats.moment(row.at)}</span>
        <span className="quiet">{row.who.email ?? row.who.id}</span>
        {row.effect && <span className="badge">{row.effect}</span>}
      </p>
      {row.action === 'secret_replaced' && <p className="quiet">{texts.lastFour}</p>}
      {shown.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-label={title}>
          <table>
            <thead><tr><th scope="col">{texts.what}</th><th scope="col">{texts.before}</th><th scope="col">{texts.after}</th></tr></thead>
            <tbody>
              {shown.map(({ path, before, after }) => (
                <tr key={path.join(' ')}>
                  <th scope="row">{path.join(' › ') || texts.whole}</th>
                  <td><del>{said(before)}</del></td>
                  <td><ins>{said(after)}</ins></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < differing.length && (
        <button type="button" className="plain" onClick={() => setWhole(true)}>{texts.more(differing.length - shown.length)}</button>
      )}
    </li>
  );
}
