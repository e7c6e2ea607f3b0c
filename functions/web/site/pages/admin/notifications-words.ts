// What messages are called: by how they go out, how they stand, and what they tell of.

import type { Schemas } from '~/api/client';
import { useTexts, type Texts } from '~/view/language';

export type Message = Schemas['Notification'];

interface Words {
  channels: Record<Message['channel'], string>;
  statuses: Record<Message['status'], string>;
  campaigns: Record<string, string>;
  test: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    channels: { telegram: 'Telegram', sms: 'SMS', email: 'Почта' },
    statuses: { pending: 'ждёт отправки', sent: 'отправлено', failed: 'не отправлено' },
    campaigns: { sales: 'Новая продажа', alerts: 'Происшествие', express: 'Заявка на Express', proftest: 'Профтест' }, test: 'Профтест',
  },
  en: {
    channels: { telegram: 'Telegram', sms: 'SMS', email: 'E-mail' },
    statuses: { pending: 'waits to be sent', sent: 'sent', failed: 'not sent' },
    campaigns: { sales: 'New sale', alerts: 'Incident', express: 'Express form', proftest: 'Career test' }, test: 'Career test',
  },
};

/** What there is whether or not a message of it stands in the list. */
export const CAMPAIGNS = ['sales', 'alerts', 'express', 'proftest'] as const;
const OF_PAGE = 'proftest_';

export function useMessageWords() {
  const words = useTexts(TEXTS);
  /** A form's campaign has the name of its landing page in it. */
  const campaign = (id: string) =>
    words.campaigns[id] ?? (id.startsWith(OF_PAGE) ? `${words.test}: ${id.slice(OF_PAGE.length)}` : id);
  return { channels: words.channels, statuses: words.statuses, campaign };
}
