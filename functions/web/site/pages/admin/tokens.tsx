// Whether each neighbour still takes our key, for how long, and what to do before the figures go wrong.

import { Link } from 'wouter';
import { api, queries, type Schemas } from '~/api/client';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useFormats } from '~/view/format';
import { plural, useTexts, type Texts } from '~/view/language';
import { NEIGHBOURS } from './neighbours';
import { BY_WEIGHT, Said, Sign } from './sign';

interface Words {
  check: string;
  checking: string;
  checked: string;
  recently: string;
  failed: string;
  title: string;
  keys: string;
  works: { yes: string; no: string; unknown: string; never: string };
  left: string;
  days: (days: number) => string;
  endless: string;
  until: string;
  balance: string;
  problem: string;
  toDo: string;
  asked: string;
  never: string;
  before: { yes: string; no: string };
}

const TEXTS: Texts<Words> = {
  ru: {
    check: 'Проверить сейчас', checking: 'Спрашиваем все сервисы…', checked: 'Проверено.',
    recently: 'Проверяли меньше 30 секунд назад, показан тот ответ.', failed: 'Проверка', title: 'Ключи доступа',
    keys: 'Заменить ключ в настройках', works: { yes: 'Работает', no: 'Не работает', unknown: 'Не удалось спросить', never: 'Ещё не проверяли' },
    left: 'Осталось', days: (days) => `${days} ${plural('ru', days, 'день', 'дня', 'дней')}`, endless: 'без срока', until: 'до',
    balance: 'На счёте', problem: 'Что не так', toDo: 'Что сделать', asked: 'Проверено', never: 'ещё не проверяли',
    before: { yes: 'Прошлый ответ: работал', no: 'Прошлый ответ: не работал' },
  },
  en: {
    check: 'Check now', checking: 'Every service is being asked…', checked: 'Checked.',
    recently: 'They were checked less than 30 seconds ago; this is that answer.', failed: 'The check', title: 'Access keys',
    keys: 'Replace a key in the settings', works: { yes: 'Works', no: 'Does not work', unknown: 'Could not be asked', never: 'Never checked' },
    left: 'Time left', days: (days) => `${days} ${plural('en', days, 'day', '', 'days')}`, endless: 'no end', until: 'until',
    balance: 'Balance', problem: 'What is wrong', toDo: 'What to do', asked: 'Checked', never: 'never checked',
    before: { yes: 'Last answer: it worked', no: 'Last answer: it did not work' },
  },
};

const HEALTH = ['get', '/api/admin/token-health'] as const;

function newest({ tokens }: Schemas['TokenHealthAnswer']): string {
  return tokens.map(({ checked_at: at }) => at ?? '').sort().at(-1) ?? '';
}

export function Tokens() {
  const texts = useTexts(TEXTS);
  const health = api.useQuery(...HEALTH, {}, { refetchInterval: 60_000 });
  const check = api.useMutation('post', '/api/admin/token-health', {
    onMutate: () => (health.data ? newest(health.data) : ''),
    onSuccess: (answer) => queries.setQueryData(api.queryOptions(...HEALTH, {}).queryKey, answer),
  });
  const said = check.data && (newest(check.data) === check.context ? texts.recently : texts.checked);
  const weight = (token: Schemas['TokenState']) => BY_WEIGHT.indexOf(token.status);
  const tokens = [...(health.data?.tokens ?? [])].sort((one, other) => weight(one) - weight(other));
  return (
    <>
      <div className="row">
        <button type="button" className="main" disabled={check.isPending} onClick={() => check.mutate({})}>{texts.check}</button>
        <span role="status">{check.isPending ? texts.checking : said}</span>
        <Link className="spread" href="/settings/keys">{texts.keys} →</Link>
      </div>
      {check.error && <Failed what={texts.failed} error={check.error} again={() => check.mutate({})} />}
      {health.error && <Failed what={texts.title} error={health.error} again={health.refetch} />}
      {health.isPending && <Waiting lines={10} height={520} />}
      {health.data && (
        <ul className="tokens" aria-label={texts.title}>
          {tokens.map((token) => <Token key={token.name} token={token} texts={texts} />)}
        </ul>
      )}
    </>
  );
}

function Token({ token, texts }: { token: Schemas['TokenState']; texts: Words }) {
  const formats = useFormats();
  const names = useTexts(NEIGHBOURS);
  const works = token.checked_at === null ? 'never' : token.valid === null ? 'unknown' : token.valid ? 'yes' : 'no';
  const known = token.last_known;
  return (
    <li className="card" data-token={token.name}>
      <header className="card-head"><h2>{names[token.name]}</h2><Sign status={token.status}>{texts.works[works]}</Sign></header>
      <dl className="details">
        {(token.valid || token.days_left !== null) && (
          <div>
            <dt>{texts.left}</dt>
            <dd>
              {token.days_left === null ? texts.endless : <b>{texts.days(token.days_left)}</b>}
              {token.expires_at && <span className="quiet"> {texts.until} {formats.moment(token.expires_at)}</span>}
            </dd>
          </div>
        )}
        {token.balance && <div><dt>{texts.balance}</dt><dd>{formats.money(token.balance)}</dd></div>}
        <div><dt>{texts.asked}</dt><dd>{token.checked_at ? formats.ago(token.checked_at) : texts.never}</dd></div>
      </dl>
      {token.problem && <p><b>{texts.problem}:</b> <Said>{token.problem}</Said></p>}
      {token.what_to_do && <p><b>{texts.toDo}:</b> <Said>{token.what_to_do}</Said></p>}
      {known && <p className="quiet">{known.valid ? texts.before.yes : texts.before.no}, {formats.ago(known.checked_at)}</p>}
    </li>
  );
}
