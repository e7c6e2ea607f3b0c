// What keeps an ad account from being pulled and what a person does about it, and Facebook's word for how it stands.

import type { Schemas } from '~/api/client';
import type { Texts } from '~/view/language';

type Reason = Schemas['PullReason'];
type Status = Schemas['AdAccount']['status'];

interface Words {
  reasons: Record<Reason, readonly [why: string, toDo: string]>;
  statuses: Record<Status, string>;
}

const WAITS = {
  ru: 'Делать ничего не нужно: загрузится само после этого времени.',
  en: 'Nothing to do: it is pulled by itself after that time.',
};

export const FACEBOOK_WORDS: Texts<Words> = {
  ru: {
    reasons: {
      account_limit: ['Facebook временно не отвечает на вопросы об этом кабинете', WAITS.ru],
      app_limit: ['Facebook временно не отвечает нашему приложению', WAITS.ru],
      insights_limit: ['Facebook временно не отдаёт расходы', WAITS.ru],
      discovery_limit: ['Facebook временно не отдаёт список кабинетов', WAITS.ru],
      breaker_open: ['Facebook не отвечает', WAITS.ru],
      abuse_protection: ['Facebook заподозрил злоупотребление', 'Откройте панель приложения (App Dashboard) в Facebook и посмотрите, чего он хочет.'],
      no_token: ['Токена нет', 'Введите токен доступа выше.'],
      token_dead: ['Токен больше не действует', 'Выпустите новый токен в Facebook и введите его выше.'],
      permission_missing: ['У токена нет доступа к этому кабинету', 'Дайте пользователю токена доступ к кабинету (право ads_read).'],
      blocked: ['Facebook ждёт подтверждения от человека', 'Войдите в Facebook и подтвердите то, о чём он просит.'],
      version_gone: ['Facebook отключил эту версию своего API', 'Напишите разработчику: нужно обновить версию API.'],
      misconfigured: ['Facebook не принимает сам запрос', 'Напишите разработчику: причина есть в журнале.'],
      given_up: ['Facebook не отвечал несколько часов', 'Следующая загрузка попробует ещё раз.'],
    },
    statuses: {
      active: 'активен', disabled: 'отключён Facebook', unsettled: 'есть неоплаченный счёт', pending_risk_review: 'на проверке рисков',
      pending_settlement: 'ждёт оплаты', in_grace_period: 'отсрочка оплаты', pending_closure: 'закрывается', closed: 'закрыт',
      any_active: 'активен', any_closed: 'закрыт', unknown: 'состояние неизвестно',
    },
  },
  en: {
    reasons: {
      account_limit: ['Facebook does not answer about this account for a while', WAITS.en],
      app_limit: ['Facebook does not answer our application for a while', WAITS.en],
      insights_limit: ['Facebook does not tell spend for a while', WAITS.en],
      discovery_limit: ['Facebook does not list accounts for a while', WAITS.en],
      breaker_open: ['Facebook does not answer', WAITS.en],
      abuse_protection: ['Facebook suspects abuse', 'Open the App Dashboard at Facebook and see what it wants.'],
      no_token: ['There is no token', 'Type an access token above.'],
      token_dead: ['The token is no longer good', 'Make a new token at Facebook and type it above.'],
      permission_missing: ['The token may not see this account', 'Give the token’s user access to the account (ads_read).'],
      blocked: ['Facebook waits for a person to confirm something', 'Sign in to Facebook and confirm what it asks for.'],
      version_gone: ['Facebook has ended this version of its API', 'Tell the developer: the version has to be updated.'],
      misconfigured: ['Facebook refuses the request itself', 'Tell the developer: the log says why.'],
      given_up: ['Facebook failed for hours', 'The next pull tries again.'],
    },
    statuses: {
      active: 'active', disabled: 'disabled by Facebook', unsettled: 'a bill is not paid', pending_risk_review: 'in risk review',
      pending_settlement: 'waits for a payment', in_grace_period: 'in a grace period', pending_closure: 'being closed', closed: 'closed',
      any_active: 'active', any_closed: 'closed', unknown: 'status not known',
    },
  },
};
