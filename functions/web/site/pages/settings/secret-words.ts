// The secrets that are kept: whose they are, their fields, and what each is called.

import type { Schemas } from '~/api/client';
import { useTexts, type Texts } from '~/view/language';

export type Neighbour = Schemas['Neighbour'];
type FieldName = keyof Schemas['SecretChange'];

export const FIELDS: Record<Neighbour, readonly FieldName[]> = {
  facebook: ['access_token', 'app_id', 'app_secret'],
  amocrm: ['access_token', 'refresh_token', 'client_id', 'client_secret', 'redirect_uri'],
  telegram: ['bot_token', 'chat_id'],
  sms: ['api_key', 'from'],
  openai: ['api_key'],
  supabase: ['landing_key', 'tripwire_key'],
};

/** Without these a secret still works: a long-lived token of amoCRM takes the place of OAuth. */
export const LEAVABLE: readonly string[] = ['refresh_token', 'client_id', 'client_secret', 'redirect_uri'];

interface Names {
  neighbours: Record<Neighbour, string>;
  purposes: Record<Neighbour, string>;
  fields: Partial<Record<string, string>>;
}

const NAMES: Texts<Names> = {
  ru: {
    neighbours: { facebook: 'Facebook', amocrm: 'amoCRM', telegram: 'Telegram', sms: 'SMS (Mobizon)', openai: 'OpenAI', supabase: 'Прежние базы' },
    purposes: {
      facebook: 'Расходы на рекламу.', amocrm: 'Сделки, продажи и сверка.', telegram: 'Сообщения в чат школы: продажи и сбои.',
      sms: 'SMS после заявки.', openai: 'Ответы профтеста на сайте.', supabase: 'Заявки, которые были до этой системы.',
    },
    fields: {
      access_token: 'Токен доступа', app_id: 'Номер приложения (app id)', app_secret: 'Секрет приложения (app secret)',
      refresh_token: 'Токен обновления (OAuth)', client_id: 'Номер интеграции (OAuth)', client_secret: 'Секрет интеграции (OAuth)',
      redirect_uri: 'Адрес возврата (OAuth)', bot_token: 'Токен бота', chat_id: 'Номер или имя чата', api_key: 'Ключ API',
      from: 'Имя отправителя', landing_key: 'Ключ базы лендинга', tripwire_key: 'Ключ базы трипваера',
    },
  },
  en: {
    neighbours: { facebook: 'Facebook', amocrm: 'amoCRM', telegram: 'Telegram', sms: 'SMS (Mobizon)', openai: 'OpenAI', supabase: 'The databases before' },
    purposes: {
      facebook: 'What ads cost.', amocrm: 'Deals, sales and the comparison with them.', telegram: 'Messages to the school’s chat: sales and what fell off.',
      sms: 'SMS after a form.', openai: 'Answers of the career test on the site.', supabase: 'Leads from before this system.',
    },
    fields: {
      access_token: 'Access token', app_id: 'Application’s id', app_secret: 'Application’s secret', refresh_token: 'Refresh token (OAuth)',
      client_id: 'Integration’s id (OAuth)', client_secret: 'Integration’s secret (OAuth)', redirect_uri: 'Address to return to (OAuth)',
      bot_token: 'Bot’s token', chat_id: 'Chat’s number or name', api_key: 'API key', from: 'Sender’s name', landing_key: 'Key of the landing database',
      tripwire_key: 'Key of the tripwire database',
    },
  },
};

export function useKeyNames(): Names {
  return useTexts(NAMES);
}
