// Facebook's part of the settings: whether the token works, having spend pulled now, and what is decided about each ad account.

import { api } from '~/api/client';
import { Card } from '~/parts/card';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { FacebookAccounts } from './facebook-accounts';
import { FacebookPull } from './facebook-pull';
import { FACEBOOK_WORDS } from './facebook-words';
import { ReplaceSecret } from './secret-form';
import { SecretFields } from './secret-fields';
import { CheckTokens, TokenSign } from './token-state';

interface Words {
  token: string;
  kept: string;
  health: string;
  until: string;
  breaker: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    token: 'Токен Facebook', kept: 'Сохранённый ключ', health: 'Состояние Facebook', until: 'до',
    breaker: 'Facebook не отвечает, поэтому мы его пока не спрашиваем. Попробуем снова сами.',
  },
  en: {
    token: 'Facebook’s token', kept: 'The kept key', health: 'How Facebook stands', until: 'until',
    breaker: 'Facebook does not answer, so it is left alone for now. It is tried again by itself.',
  },
};

export function FacebookTab() {
  return (
    <div className="stack">
      <div className="two">
        <Token />
        <FacebookPull />
      </div>
      <Standing />
      <FacebookAccounts />
    </div>
  );
}

function Token() {
  const texts = useTexts(TEXTS);
  const health = api.useQuery('get', '/api/admin/token-health');
  const secret = api.useQuery('get', '/api/admin/secrets/{neighbour}', { params: { path: { neighbour: 'facebook' } } });
  const state = health.data?.tokens.find(({ name }) => name === 'facebook');
  return (
    <Card title={texts.token} aside={secret.data && <ReplaceSecret secret={secret.data.secret} />}>
      {health.error && <Failed what={texts.token} error={health.error} again={health.refetch} />}
      {health.isPending && <Waiting lines={2} height={60} />}
      {state && <TokenSign state={state} />}
      <CheckTokens />
      {secret.error && <Failed what={texts.kept} error={secret.error} again={secret.refetch} />}
      {secret.isPending && <Waiting lines={3} height={90} />}
      {secret.data && <SecretFields secret={secret.data.secret} />}
    </Card>
  );
}

/** What keeps everything from being pulled, not one account alone. Where nothing does there is nothing to say. */
function Standing() {
  const texts = useTexts(TEXTS);
  const { reasons } = useTexts(FACEBOOK_WORDS);
  const formats = useFormats();
  const { data, error, refetch } = api.useQuery('get', '/api/traffic-facebook/health', {}, { refetchInterval: 30_000 });
  if (error) return <Failed what={texts.health} error={error} again={refetch} />;
  if (!data) return null;
  const { app, breaker } = data;
  const [why, toDo] = app ? reasons[app.reason] : [];
  return (
    <>
      {app && <p className="notice" role="status">▲ {why} {texts.until} {formats.moment(app.paused_until)}. {toDo}</p>}
      {breaker.state !== 'closed' && <p className="notice" role="status">▲ {texts.breaker}</p>}
    </>
  );
}
