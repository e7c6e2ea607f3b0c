// What the API says is wrong with a field, in the language of the page. A sentence that is not known here stays as it came.

import type { Language } from '~/view/language';

const RUSSIAN: readonly (readonly [RegExp, string])[] = [
  [/^must be lower-case latin letters, digits, _ or -, at most 32$/, 'только строчные латинские буквы, цифры, _ и -, не больше 32'],
  [/^stands there twice$/, 'повторяется'],
  [/^must not be empty, nor longer than (\d+) characters$/, 'не должно быть пустым и длиннее $1 знаков'],
  [/^must not be empty$/, 'не должно быть пустым'],
  [/^must be written as #rrggbb$/, 'цвет пишется как #rrggbb'],
  [/^must be one emoji$/, 'нужен один эмодзи'],
  [/^must be digits, with or without act_$/, 'нужны цифры, с act_ или без'],
  [/^is (\S+)'s already$/, 'уже принадлежит команде $1'],
  [/^must name 1 to (\d+) teams$/, 'команд должно быть от 1 до $1'],
  [/^must not be more than (\d+)$/, 'не больше $1'],
  [/^team (\S+) is missing:.*$/, 'команду $1 нельзя убрать, у неё есть продажи: уберите её метки'],
  [/^must be above 0$/, 'должно быть больше нуля'],
  [/^must not be under from_price$/, 'не может быть меньше цены «от»'],
  [/^overlaps the prices of (\S+)$/, 'пересекается с ценами продукта $1'],
  [/^is excluded at the same time$/, 'этот же этап стоит среди исключённых'],
  [/^must be a pipeline of the account$/, 'нужен номер воронки amoCRM'],
  [/^must be a stage of the pipeline$/, 'нужен номер этапа этой воронки'],
  [/^must not be longer than (\d+) characters$/, 'не длиннее $1 знаков'],
  [/^must be one line$/, 'должно быть в одну строку'],
  [/^must not be the same as from.*$/, 'начало и конец совпадают: если тишина не нужна, выключите её'],
  [/^must be from (\d+) to (\d+)$/, 'от $1 до $2'],
  [/^must be a time as HH:MM.*$/, 'время пишется как 22:00'],
  [/^is missing$/, 'не заполнено'],
  [/^(express|flagship) is missing$/, 'нет правила для продукта $1'],
];

export function inWords(problem: string, language: Language): string {
  if (language === 'en') return problem;
  const known = RUSSIAN.find(([said]) => said.test(problem));
  return known ? problem.replace(known[0], known[1]) : problem;
}
