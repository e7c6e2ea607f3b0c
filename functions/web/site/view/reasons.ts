// Why a figure cannot be trusted, as the API says it, in the language of the page. What is not known here stays as it came.

import type { Language } from './language';

const RUSSIAN: readonly (readonly [RegExp, string])[] = [
  [/amoCRM has not been read since (.+?): amocrm-poll does not run\./, 'amoCRM не читали с $1: чтение по расписанию не запускается.'],
  [/amoCRM has not been read yet\./, 'amoCRM ещё не читали.'],
  [/amoCRM has not been read for (.+?): make backfill\./, 'Эти дни в amoCRM ещё не прочитаны: $1. Нужна загрузка истории (make backfill).'],
  [/amoCRM cannot be read: (.+?)\.(?= The figures|$)/, 'amoCRM не удаётся прочитать: $1.'],
  [/ The figures are of (.+?)\./, ' Цифры на $1.'],
  [/Our own store failed when amoCRM was to be compared; the log of amocrm-poll says how\./, 'Во время сверки отказало наше хранилище, подробности в журнале amocrm-poll.'],
  [/The period has not begun\./, 'Период ещё не начался.'],
  [/The counters are not the sum of the sales: run rebuild\./, 'Счётчики не равны сумме продаж: нужен пересчёт (rebuild).'],
  [/Of (\d+) counters more that are not the sum of the sales nobody knows the day: run rebuild\./, 'Ещё у $1 счётчиков, не равных сумме продаж, день неизвестен: нужен пересчёт (rebuild).'],
  [/Facebook does not accept the access token: /, 'Facebook не принимает ключ доступа: '],
  [/Facebook blocks all insights until (.+?)\./, 'Facebook не отдаёт статистику до $1.'],
  [/Facebook blocks the lists of ad accounts until (.+?)\./, 'Facebook не отдаёт списки кабинетов до $1.'],
  [/Facebook suspects abuse; it is not asked until (.+?)\./, 'Facebook подозревает злоупотребление: до $1 его не спрашиваем.'],
  [/Facebook blocks the whole application until (.+?)\./, 'Facebook не отвечает нашему приложению до $1.'],
  [/Facebook does not answer; it is left alone since (.+?)\./, 'Facebook не отвечает, с $1 его не спрашиваем.'],
  [/Facebook does not answer; it is left alone\./, 'Facebook не отвечает, пока его не спрашиваем.'],
  [/Facebook did not answer; it is being tried again(?: since (.+?))?\./, 'Facebook не отвечал, пробуем снова.'],
  [/Facebook does not give the figures of ad account (\d+)( and \d+ more)?: /, 'Facebook не отдаёт данные кабинета $1: '],
  [/Facebook blocks ad account (\d+)(?: and \d+ more)? until (.+?)\./, 'Facebook не отдаёт кабинет $1 до $2.'],
  [/No ad account is known\./, 'Рекламных кабинетов ещё нет.'],
  [/No pull of ad account (\d+) has succeeded since (.+?)\./, 'Кабинет $1 не удаётся загрузить с $2.'],
  [/No pull of ad account (\d+) has succeeded yet\./, 'Кабинет $1 ещё ни разу не загрузился.'],
  // How many there are stands beside it already.
  [/Deals that are not alike: [^.]+\. ?/, ''],
];

export function reasonIn(language: Language, reason: string): string {
  if (language === 'en') return reason;
  return RUSSIAN.reduce((said, [known, russian]) => said.replace(known, russian), reason).trim();
}
