// How a key stands by what its service said last, and a button that asks all services anew.

import { api, queries, type Schemas } from '~/api/client';
import { Said, Sign } from '~/pages/admin/sign';
import { Failed } from '~/parts/failed';
import { useFormats } from '~/view/format';
import { plural, useLanguage, useTexts, type Texts } from '~/view/language';

interface Words {
  works: string;
  fails: string;
  unknown: string;
  left: string;
  day: [string, string, string];
  endless: string;
  until: string;
  checked: string;
  never: string;
  check: string;
  checking: string;
  done: string;
  what: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    works: 'Работает', fails: 'Не работает', unknown: 'Не удалось спросить', left: 'Осталось', day: ['день', 'дня', 'дней'], endless: 'Без срока',
    until: 'до', checked: 'Проверен', never: 'Ещё не проверяли', check: 'Проверить', checking: 'Сервисы отвечают…', done: 'Проверено', what: 'Проверка',
  },
  en: {
    works: 'Works', fails: 'Does not work', unknown: 'Could not be asked', left: 'Left', day: ['day', 'days', 'days'], endless: 'No end',
    until: 'until', checked: 'Checked', never: 'Never checked', check: 'Test', checking: 'Services are asked…', done: 'Tested', what: 'The test',
  },
};

export function TokenSign({ state }: { state: Schemas['TokenState'] }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const language = useLanguage();
  const { status, valid, days_left, expires_at, checked_at, problem, what_to_do } = state;
  const left = days_left === null ? texts.endless : `${texts.left} ${formats.number(days_left)} ${plural(language, days_left, ...texts.day)}`;
  return (
    <div className="stack token-state">
      <p className="row">
        <Sign status={status}>{valid === null ? (checked_at ? texts.unknown : texts.never) : valid ? texts.works : texts.fails}</Sign>
        {valid && <span>{left}{expires_at && <span className="quiet">, {texts.until} {formats.moment(expires_at)}</span>}</span>}
        {checked_at && <span className="quiet">{texts.checked} {formats.ago(checked_at)}</span>}
      </p>
      {checked_at && problem && <p><Said>{problem}</Said></p>}
      {checked_at && what_to_do && <p><b>→ <Said>{what_to_do}</Said></b></p>}
    </div>
  );
}

export function CheckTokens() {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const check = api.useMutation('post', '/api/admin/token-health', {
    onSuccess: (answer) => {
      queries.setQueryData(api.queryOptions('get', '/api/admin/token-health').queryKey, answer);
      void queries.invalidateQueries({ queryKey: ['get', '/api/traffic-facebook/health'] });
    },
  });
  const at = check.data?.tokens.map(({ checked_at }) => checked_at ?? '').sort().at(-1);
  return (
    <>
      <div className="row">
        <button type="button" disabled={check.isPending} onClick={() => check.mutate({})}>{check.isPending ? texts.checking : texts.check}</button>
        <span role="status" className="good">{check.data && !check.isPending && `✓ ${texts.done}${at ? `, ${formats.clock(at)}` : ''}`}</span>
      </div>
      {check.error && <Failed what={texts.what} error={check.error} again={() => check.mutate({})} />}
    </>
  );
}
