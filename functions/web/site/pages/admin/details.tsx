// Figures of any shape as people read them: a value with its name, a list as a table. What a check tells is up to the check.

import { NOTHING, useFormats, type Formats } from '~/view/format';
import { useLanguage, useTexts, type Language, type Texts } from '~/view/language';

const RUSSIAN: Record<string, string> = {
  total_sales: 'продаж за 30 дней', cancelled_sales: 'отменено', correct_pipeline: 'в нужной воронке amoCRM', by_webhook: 'пришло хуком',
  latest_sale: 'последняя продажа', with_utm: 'с UTM', without_utm: 'без UTM', total_leads: 'строк в базе', synced: 'перенесено',
  not_synced: 'не перенесено', latest_lead: 'последняя строка', crm: 'amoCRM', ledger: 'у нас', missing: 'не хватает', extra: 'лишних',
  different: 'отличаются', hooks: 'хуки', path: 'адрес', problem: 'что не так', events: 'события', what_to_do: 'что сделать',
  differences: 'расхождения', more: 'ещё', reconciliation: 'последняя сверка', checked_at: 'проверено', error: 'ошибка', message: 'сообщение',
  hint: 'подсказка', findings: 'что найдено', payment_method: 'способ оплаты', status_id: 'этап', account_id: 'аккаунт', tokens: 'ключи',
  accounts: 'аккаунты', name: 'название', state: 'состояние', pulled_at: 'выгружено', age_minutes: 'минут назад', oldest_pulled_at: 'самая старая выгрузка',
  stale: 'устарело', ads: 'объявлений', with_findings: 'с ошибками', by_kind: 'по видам', spend_at_risk_kzt: 'под угрозой, ₸', dearest: 'самые дорогие',
  problems: 'помехи', rates: 'курсы', currency: 'валюта', date: 'дата', age_days: 'дней назад', queues: 'очереди', queue: 'очередь',
  waiting: 'ждут', in_flight: 'в работе', delayed: 'отложены', dead_letters: 'застряли', dead_letters_since: 'застряли с', count: 'количество',
  revenue: 'сумма', basis: 'по дате', day: 'день', product: 'продукт', team: 'команда', counted: 'насчитано', status: 'состояние', valid: 'действует',
  expires_at: 'истекает', days_left: 'осталось дней', balance: 'остаток', last_known: 'прошлый ответ', ad_id: 'объявление', ad_name: 'название',
  kinds: 'ошибки', spend_kzt: 'расход, ₸',
};

function title(language: Language, name: string): string {
  const plain = name.replaceAll('_', ' ');
  return language === 'ru' ? (RUSSIAN[name] ?? plain) : plain;
}

const YES: Texts<{ yes: string; no: string; none: string }> = {
  ru: { yes: 'да', no: 'нет', none: 'нет' },
  en: { yes: 'yes', no: 'no', none: 'none' },
};

type Group = Readonly<Record<string, unknown>>;

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMoney(value: Group): value is { amount: number; currency: string } {
  return typeof value['amount'] === 'number' && typeof value['currency'] === 'string';
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T/;

/** A number that is a name: digits of it are not grouped. */
function isId(name: string): boolean {
  return name.endsWith('_id');
}

function written(formats: Formats, name: string, value: string | number): string {
  if (typeof value === 'number') return isId(name) ? String(value) : formats.number(value);
  return INSTANT.test(value) ? formats.moment(value) : value;
}

export function Details({ of }: { of: Group }) {
  const language = useLanguage();
  return (
    <dl className="details">
      {Object.entries(of).filter(([, value]) => value !== undefined).map(([name, value]) => (
        <div key={name}>
          <dt>{title(language, name)}</dt>
          <dd><Value name={name} value={value} /></dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ name, value }: { name: string; value: unknown }) {
  const formats = useFormats();
  const words = useTexts(YES);
  if (value === null || value === undefined) return NOTHING;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'string' || typeof value === 'number') return written(formats, name, value);
  if (Array.isArray(value)) return <List name={name} items={value} none={words.none} />;
  if (!isGroup(value)) return NOTHING;
  return isMoney(value) ? formats.money(value) : <Details of={value} />;
}

function List({ name, items, none }: { name: string; items: readonly unknown[]; none: string }) {
  const language = useLanguage();
  if (items.length === 0) return none;
  if (!items.every(isGroup)) return items.map(String).join(', ');
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))];
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={title(language, name)}>
      <table>
        <thead><tr>{columns.map((column) => <th key={column} scope="col">{title(language, column)}</th>)}</tr></thead>
        <tbody>
          {items.map((item, index) => (
            <tr key={index}>{columns.map((column) => <td key={column}><Value name={column} value={item[column]} /></td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
