import type { Schemas } from '~/api/client';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { DailyLimit } from './daily-limit';
import { FACEBOOK_WORDS } from './facebook-words';
import { Field } from './field';
import type { AdAccountChoice, TeamRule } from './section';

type Account = Schemas['AdAccount'];

interface Words {
  unnamed: string;
  states: Record<Account['state'] | 'off', string>;
  until: string;
  at: string;
  zone: string;
  currency: string;
  pulled: string;
  never: string;
  access: Record<Account['access'], string>;
  team: string;
  nobody: string;
  on: string;
  onOf: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    unnamed: 'Без названия', states: { ok: 'загружается', paused: 'пауза', parked: 'остановлен', pending: 'ещё не загружался', off: 'выключен' },
    until: 'до', at: 'Facebook', zone: 'часовой пояс', currency: 'валюта', pulled: 'загружен', never: 'ещё не загружали',
    access: { owned: 'свой', client: 'клиентский', assigned: 'доступ дан напрямую' }, team: 'Команда', nobody: 'ничей', on: 'Загружать', onOf: 'Загружать расходы',
  },
  en: {
    unnamed: 'Without a name', states: { ok: 'being pulled', paused: 'paused', parked: 'stopped', pending: 'not pulled yet', off: 'off' },
    until: 'until', at: 'Facebook', zone: 'time zone', currency: 'currency', pulled: 'pulled', never: 'never pulled',
    access: { owned: 'own', client: 'a client’s', assigned: 'access given directly' }, team: 'Team', nobody: 'nobody’s', on: 'Pull', onOf: 'Pull spend',
  },
};

const SIGNS = { ok: ['✓', 'good'], paused: ['▲', 'warn'], parked: ['✕', 'bad'], pending: ['…', ''], off: ['○', ''] } as const;

interface Properties {
  account: Account;
  choice: AdAccountChoice;
  teams: readonly TeamRule[];
  onChoose: (choice: AdAccountChoice) => void;
  onAssign: (team: string) => void;
}

export function FacebookAccount({ account, choice, teams, onChoose, onAssign }: Properties) {
  const texts = useTexts(TEXTS);
  const { reasons, statuses } = useTexts(FACEBOOK_WORDS);
  const formats = useFormats();
  const { account_id: id, currency, timezone, status, reason, not_before, last_pulled_at } = account;
  const name = account.name ?? texts.unnamed;
  const state = account.enabled ? account.state : 'off';
  const [sign, mood] = SIGNS[state];
  const [why, toDo] = account.enabled && reason ? reasons[reason] : [];
  const facts = [
    texts.access[account.access], ...(currency ? [`${texts.currency} ${currency}`] : []), ...(timezone ? [`${texts.zone} ${timezone}`] : []),
    last_pulled_at ? `${texts.pulled} ${formats.ago(last_pulled_at)}` : texts.never,
  ];
  return (
    <li className="account" data-account={id} data-state={state}>
      <div className="about">
        <p className="row">
          <b>{name}</b> <code className="quiet">{id}</code>
          <span className={`badge ${mood}`}>
            <span aria-hidden="true">{sign}</span> {texts.states[state]}{state === 'paused' && not_before && ` ${texts.until} ${formats.moment(not_before)}`}
          </span>
          {status !== 'active' && status !== 'any_active' && <span className="badge warn">{texts.at}: {statuses[status]}</span>}
        </p>
        <small className="quiet">{facts.join(' · ')}</small>
        {why && <p>{why}. <b>{toDo}</b></p>}
      </div>
      <div className="decided">
        <Whose id={id} name={name} teams={teams} texts={texts} onAssign={onAssign} />
        <DailyLimit
          account={id} name={name} currency={currency} limit={choice.daily_limit}
          onChange={(daily_limit) => onChoose({ enabled: choice.enabled, ...(daily_limit ? { daily_limit } : {}) })}
        />
        <label className="switch">
          <input
            type="checkbox" checked={choice.enabled} aria-label={`${texts.onOf}: ${name}`}
            onChange={(event) => onChoose({ ...choice, enabled: event.target.checked })}
          />
          {texts.on}
        </label>
      </div>
    </li>
  );
}

interface WhoseProperties {
  id: string;
  name: string;
  teams: readonly TeamRule[];
  texts: Words;
  onAssign: (team: string) => void;
}

function Whose({ id, name, teams, texts, onAssign }: WhoseProperties) {
  const owner = teams.findIndex((team) => team.ad_accounts.includes(id));
  const place = teams[owner]?.ad_accounts.indexOf(id) ?? -1;
  return (
    <Field path={owner < 0 ? `${id}.team` : `[${owner}].ad_accounts[${place}]`} label={<>{texts.team}<span className="unseen">: {name}</span></>}>
      {(control) => (
        <select {...control} value={teams[owner]?.id ?? ''} onChange={(event) => onAssign(event.target.value)}>
          <option value="">{texts.nobody}</option>
          {teams.map((team) => <option key={team.id} value={team.id}>{team.emoji} {team.title}</option>)}
        </select>
      )}
    </Field>
  );
}

/** One that a team names and Facebook does not show us. */
export function UnseenAccount({ id, teams, onAssign }: Pick<WhoseProperties, 'id' | 'teams' | 'onAssign'>) {
  const texts = useTexts(TEXTS);
  return (
    <li className="account" data-account={id} data-state="unseen">
      <p className="about"><code>{id}</code></p>
      <div className="decided"><Whose id={id} name={id} teams={teams} texts={texts} onAssign={onAssign} /></div>
    </li>
  );
}
