import { Link } from 'wouter';
import { api, type Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { CheckTokens, TokenSign } from './token-state';
import { SecretFields } from './secret-fields';
import { ReplaceSecret } from './secret-form';
import { useKeyNames } from './secret-words';

interface Words {
  what: string;
  facebook: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    what: 'Видны только последние четыре знака. Новый ключ начинает работать в течение минуты.',
    facebook: 'Токен Facebook меняется в разделе Facebook',
  },
  en: {
    what: 'Only the last four characters are shown. A new key is in use within a minute.',
    facebook: 'Facebook’s token is replaced in “Facebook”',
  },
};

export function KeysTab() {
  const texts = useTexts(TEXTS);
  const secrets = api.useQuery('get', '/api/admin/secrets');
  const health = api.useQuery('get', '/api/admin/token-health');
  const others = secrets.data?.items.filter(({ name }) => name !== 'facebook') ?? [];
  return (
    <div className="stack">
      <p className="quiet">{texts.what}</p>
      <CheckTokens />
      <p><Link href="/settings/facebook">{texts.facebook}</Link></p>
      {secrets.error && <Failed error={secrets.error} again={secrets.refetch} />}
      {secrets.isPending && <Waiting lines={10} height={560} />}
      <div className="keys-cards">
        {others.map((secret) => (
          <Key key={secret.name} secret={secret} state={health.data?.tokens.find(({ name }) => name === secret.name)} />
        ))}
      </div>
    </div>
  );
}

function Key({ secret, state }: { secret: Schemas['Secret']; state: Schemas['TokenState'] | undefined }) {
  const names = useKeyNames();
  return (
    <Card title={names.neighbours[secret.name]} aside={<ReplaceSecret secret={secret} />}>
      <p className="quiet">{names.purposes[secret.name]}</p>
      {state && <TokenSign state={state} />}
      <SecretFields secret={secret} />
    </Card>
  );
}
