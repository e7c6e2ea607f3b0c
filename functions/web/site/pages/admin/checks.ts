// The checks of diagnostics and who can do something about them, in the page's language, and where that is done.

import { useLanguage, type Language } from '~/view/language';

interface Check {
  ru: string;
  en: string;
  /** The page on which one can do something about it. */
  page?: string;
}

const CHECKS: Record<string, Check> = {
  'Express Course Webhook': { ru: 'Хуки Express', en: 'Express hooks', page: '/admin/reconciliation' },
  'Flagship Course Webhook': { ru: 'Хуки Flagman', en: 'Flagship hooks', page: '/admin/reconciliation' },
  'Landing BD Sync': { ru: 'Старая база: лендинг', en: 'Old database: landing' },
  'Tripwire BD Integration': { ru: 'Старая база: трипвайер', en: 'Old database: tripwire' },
  'ProofTest Integration': { ru: 'Старая база: ProofTest', en: 'Old database: ProofTest' },
  'Express Course Sales': { ru: 'Продажи Express', en: 'Express sales', page: '/sales?funnel=express' },
  'Flagship Course Sales': { ru: 'Продажи Flagman', en: 'Flagship sales', page: '/sales?funnel=flagship' },
  'All Sales Tracking': { ru: 'Все продажи', en: 'All sales', page: '/sales' },
  'amoCRM Reconciliation': { ru: 'Сверка с amoCRM', en: 'Comparing with amoCRM', page: '/admin/reconciliation' },
  'amoCRM Webhook Subscriptions': { ru: 'Подписки хуков в amoCRM', en: 'Hooks set up in amoCRM', page: '/admin/reconciliation' },
  'Payment Stages': { ru: 'Этапы оплаты', en: 'Payment stages', page: '/settings' },
  'Funnel Counters': { ru: 'Счётчики воронки', en: 'Counters of the funnel' },
  'amoCRM API': { ru: 'Доступ к amoCRM', en: 'Access to amoCRM', page: '/admin/tokens' },
  Tokens: { ru: 'Ключи доступа', en: 'Access keys', page: '/admin/tokens' },
  'Facebook Spend': { ru: 'Расходы из Facebook', en: 'Spend from Facebook', page: '/settings' },
  'UTM Check': { ru: 'UTM-метки объявлений', en: 'UTM tags of ads', page: '/admin/utm-check' },
  'Exchange Rates': { ru: 'Курсы валют', en: 'Exchange rates' },
  Queues: { ru: 'Очереди', en: 'Queues', page: '/admin/dead-letters' },
};

const PEOPLE: Record<string, string> = {
  'an admin of amoCRM': 'администратор amoCRM',
  'an admin of this dashboard': 'администратор этой панели',
  'whoever deploys this service': 'тот, кто разворачивает сервис',
  'an admin of the Supabase project': 'администратор проекта Supabase',
  'the media buyers and whoever keeps the landing pages': 'баеры и тот, кто ведёт лендинги',
};

/** A check that this page does not know yet keeps the name that the API gives it. */
export function useCheck(): (name: string) => { title: string; page: string | undefined } {
  const language = useLanguage();
  return (name) => ({ title: CHECKS[name]?.[language] ?? name, page: CHECKS[name]?.page });
}

export function who(language: Language, person: string): string {
  return language === 'ru' ? (PEOPLE[person] ?? person) : person;
}
