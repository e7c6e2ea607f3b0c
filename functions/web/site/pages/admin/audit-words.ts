// What the audit's rows are about, in the words of the settings' pages. What is not known here stands as it was written.

import type { Schemas } from '~/api/client';
import { useLanguage, useTexts, type Language, type Texts } from '~/view/language';

type Row = Schemas['AuditRow'];

interface Words {
  actions: Record<Row['action'], string>;
  subjects: Record<string, string>;
  /** Names on the way to what was changed, and values of a fixed set. */
  names: Record<string, string>;
}

const TEXTS: Texts<Words> = {
  ru: {
    actions: {
      settings_changed: 'Изменены настройки', secret_replaced: 'Заменён ключ', rules_applied: 'Правила применены к прошлым продажам',
      rules_undone: 'Применение правил отменено', events_replayed: 'Обработано заново',
    },
    subjects: {
      teams: 'команды', products: 'продукты', payment_stages: 'этапы оплаты', ad_accounts: 'рекламные кабинеты', notifications: 'тексты сообщений',
      alerts: 'оповещения', facebook: 'Facebook', amocrm: 'amoCRM', telegram: 'Telegram', sms: 'SMS', openai: 'OpenAI', supabase: 'базы лендингов',
      events: 'события',
    },
    names: {
      id: 'код', title: 'название', color: 'цвет', emoji: 'значок', patterns: 'правила', text: 'что искать', matching: 'как искать', anywhere: 'в любом месте',
      word: 'отдельным словом', ad_accounts: 'рекламные кабинеты', products: 'продукты', product: 'продукт', express: 'Express', flagship: 'Flagman', other: 'Другое',
      from_price: 'цена от', to_price: 'цена до', list_price: 'прайс', stages: 'этапы', sale: 'считаются продажей', excluded: 'не считаются продажей',
      utm_fields: 'поля UTM', pipeline_id: 'воронка', pull: 'загружать', daily_limit: 'лимит в день', amount: 'сумма', currency: 'валюта', body: 'текст',
      subject: 'тема', email_express: 'письмо о заявке на Express', email_proftest: 'письмо о профтесте', sms_express: 'SMS о заявке на Express',
      sms_proftest: 'SMS о профтесте', telegram_sale: 'Telegram о продаже', quiet_hours: 'тихие часы', from: 'с', to: 'до',
      token_days: 'за сколько дней до конца ключа', proof_minutes: 'минут без сверки', breaker_minutes: 'минут без ответа', order: 'порядок',
      true: 'да', false: 'нет', access_token: 'ключ доступа', bot_token: 'ключ бота', chat_id: 'чат', api_key: 'ключ',
    },
  },
  en: {
    actions: {
      settings_changed: 'Settings changed', secret_replaced: 'Key replaced', rules_applied: 'Rules applied to earlier sales',
      rules_undone: 'Applying of rules undone', events_replayed: 'Sent through again',
    },
    subjects: {
      teams: 'teams', products: 'products', payment_stages: 'payment stages', ad_accounts: 'ad accounts', notifications: 'texts of messages',
      alerts: 'alerts', facebook: 'Facebook', amocrm: 'amoCRM', telegram: 'Telegram', sms: 'SMS', openai: 'OpenAI', supabase: 'landing databases',
      events: 'events',
    },
    names: {
      patterns: 'rules', text: 'looks for', matching: 'looked for', word: 'as a word', ad_accounts: 'ad accounts', from_price: 'price from',
      to_price: 'price to', list_price: 'list price', sale: 'are a sale', excluded: 'are no sale', utm_fields: 'UTM fields', pipeline_id: 'pipeline',
      daily_limit: 'daily limit', quiet_hours: 'quiet hours', token_days: 'days before a key ends', proof_minutes: 'minutes without proof',
      breaker_minutes: 'minutes without an answer', true: 'yes', false: 'no',
    },
  },
};

/** What the service says of the effect, which it writes in English. */
const EFFECTS: readonly (readonly [RegExp, string])[] = [
  [/^version (\d+)$/, 'версия $1'],
  [/^begun$/, 'начато'],
  [/^replayed$/, 'обработано заново'],
  [/^(\d+) of (\d+) replayed$/, 'обработано заново: $1 из $2'],
  [/^(\d+) sent again$/, 'отправлено ещё раз: $1'],
  [/^tried with a real call, and in use within a minute$/, 'проверен настоящим запросом, начнёт работать в течение минуты'],
  [/^it could not be stored: the one before stays$/, 'сохранить не удалось, работает прежний'],
  [/^(\d+) deals and (\d+) leads moved$/, 'перенесено сделок: $1, заявок: $2'],
];

const SUBJECTS: readonly (readonly [RegExp, string])[] = [
  [/^event (.+)$/, 'событие $1'],
  [/^dead letters of (.+)$/, 'застрявшие сообщения очереди $1'],
];

function put(language: Language, said: string, known: readonly (readonly [RegExp, string])[]): string | null {
  if (language === 'en') return null;
  const found = known.find(([pattern]) => pattern.test(said));
  return found ? said.replace(found[0], found[1]) : null;
}

export function useAuditWords() {
  const language = useLanguage();
  const words = useTexts(TEXTS);
  return {
    action: (row: Row) => words.actions[row.action] ?? row.action,
    subject: ({ subject }: Row) => words.subjects[subject] ?? put(language, subject, SUBJECTS) ?? subject,
    /** Nothing where only the service's own words are known. */
    effect: (effect: string) => put(language, effect, EFFECTS),
    name: (name: string) => words.names[name] ?? name,
  };
}
