// Quiet words for what fell off: what it is, what helps, and the page where it is mended.

import type { Schemas } from '~/api/client';
import { plural, type Language } from '~/view/language';

export type Incident = Schemas['Incident'];
type Kind = Schemas['IncidentKind'];

const NAMES: Record<string, string> = {
  facebook: 'Facebook', amocrm: 'amoCRM', openai: 'OpenAI', telegram: 'Telegram', sms: 'SMS', supabase: 'Supabase',
};

const SOURCES: Record<Language, Record<string, string>> = {
  ru: { sales: 'продажи', leads: 'заявки', spend: 'расходы' },
  en: { sales: 'sales', leads: 'leads', spend: 'spend' },
};

const PAGES: Record<Kind, string> = {
  token: '/admin/tokens', hook_disabled: '/admin/reconciliation', proof: '/admin/reconciliation', source_stale: '/admin/diagnostics',
  dead_letters: '/admin/dead-letters', breaker: '/admin/diagnostics', daily_limit: '/settings',
};

export function pageOf({ kind }: Incident): string {
  return PAGES[kind];
}

function daysOf(level: string): number | null {
  const days = /^ends_in_(\d+)_days$/.exec(level)?.[1];
  return days === undefined ? null : Number(days);
}

/** What a level that the chat was told of means. */
export function levelOf(language: Language, level: string): string {
  const days = daysOf(level);
  if (days !== null) {
    return language === 'ru'
      ? `осталось меньше ${days} ${plural('ru', days, 'дня', 'дней', 'дней')}`
      : `less than ${days} ${days === 1 ? 'day' : 'days'} left`;
  }
  const known: Record<Language, Record<string, string>> = {
    ru: { trouble: 'случилось', dead: 'не работает', ended: 'прошло' },
    en: { trouble: 'happened', dead: 'does not work', ended: 'over' },
  };
  return known[language][level] ?? level;
}

export function titleOf(language: Language, incident: Incident): string {
  const { kind, subject, level, day } = incident;
  const name = NAMES[subject] ?? subject;
  const source = SOURCES[language][subject] ?? subject;
  const isDead = level === 'dead';
  const titles: Record<Language, Record<Kind, string>> = {
    ru: {
      token: isDead ? `Ключ ${name} не работает` : `Ключ ${name} скоро закончится: ${levelOf('ru', level)}`,
      hook_disabled: `amoCRM выключила вебхук ${subject}`, proof: 'Продажи не подтверждены сверкой с amoCRM',
      source_stale: `Давно не приходили ${source}`, dead_letters: `Застряли сообщения в очереди ${subject}`,
      breaker: `${name} не отвечает, обращения приостановлены`, daily_limit: `Кабинет ${subject} превысил дневной лимит${day ? ` за ${day}` : ''}`,
    },
    en: {
      token: isDead ? `The key of ${name} does not work` : `The key of ${name} ends soon: ${levelOf('en', level)}`,
      hook_disabled: `amoCRM has switched hook ${subject} off`, proof: 'The sales are not proved against amoCRM',
      source_stale: `No fresh ${source}`, dead_letters: `Messages are stuck in queue ${subject}`,
      breaker: `${name} does not answer and is left alone`, daily_limit: `Ad account ${subject} is over its daily limit${day ? ` of ${day}` : ''}`,
    },
  };
  return titles[language][kind];
}

/** What helps. English is the service's own sentence, which knows more of the case. */
export function adviceOf(language: Language, incident: Incident): string {
  if (language === 'en') return incident.what_to_do;
  const advice: Record<Kind, string> = {
    token: 'Кто управляет аккаунтом, выпускает новый ключ, а админ сохраняет его в настройках.',
    hook_disabled: 'Включите вебхук в amoCRM: Настройки → Интеграции → WebHooks. Пропущенное дочитаем сами.',
    proof: 'Откройте сверку: там названа каждая сделка, которая отличается, и почему.',
    source_stale: {
      sales: 'Посмотрите в сверке, работают ли вебхуки amoCRM и читается ли она.',
      leads: 'Отправьте пробную заявку с каждого лендинга и проверьте, куда ведёт реклама.',
    }[incident.subject] ?? 'Посмотрите в диагностике, какой рекламный кабинет чего ждёт.',
    dead_letters: 'Посмотрите причину, устраните её и отправьте сообщения ещё раз. Они хранятся 14 дней.',
    breaker: 'Если сам сервис лежит, ждать: попробуем снова сами. Иначе запустите диагностику, она скажет, что он отвечает.',
    daily_limit: 'Баер снижает бюджеты кабинета, или админ поднимает лимит в настройках.',
  };
  return advice[incident.kind];
}
