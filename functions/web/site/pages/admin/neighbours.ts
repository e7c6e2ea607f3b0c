// The services that we hold keys of, and the queues between our own functions, as people call them.

import type { Schemas } from '~/api/client';
import type { Texts } from '~/view/language';

export const NEIGHBOURS: Texts<Record<Schemas['TokenName'], string>> = {
  ru: { facebook: 'Facebook', amocrm: 'amoCRM', openai: 'OpenAI', telegram: 'Telegram', sms: 'SMS' },
  en: { facebook: 'Facebook', amocrm: 'amoCRM', openai: 'OpenAI', telegram: 'Telegram', sms: 'SMS' },
};

export const QUEUES: Texts<Record<Schemas['QueueName'], string>> = {
  ru: {
    'hook-retry': 'Хуки amoCRM', 'facebook-pull': 'Выгрузка расходов', 'facebook-refresh': 'Обновление расходов по кнопке',
    'amocrm-writer': 'Заявки в amoCRM', notifications: 'Уведомления', attribution: 'Пересчёт команд',
  },
  en: {
    'hook-retry': 'Hooks of amoCRM', 'facebook-pull': 'Pulling spend', 'facebook-refresh': 'Refreshing spend on demand',
    'amocrm-writer': 'Leads for amoCRM', notifications: 'Notifications', attribution: 'Deciding about teams anew',
  },
};
