import { api, type Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useDraft } from './draft';
import { FacebookAccount, UnseenAccount } from './facebook-account';
import { Problems } from './field';
import { SaveBar } from './save-bar';
import { isSame, type AdAccountChoice, type TeamRule } from './section';

type Account = Schemas['AdAccount'];

interface Words {
  title: string;
  what: string;
  assigned: string;
  business: string;
  none: string;
  noneHint: string;
  unseen: string;
  unseenHint: string;
  assignedYet: string;
  assignedYetHint: string;
  choices: string;
  teams: string;
  limit: string;
  settings: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Рекламные кабинеты', what: 'Расход кабинета идёт команде, за которой он закреплён. Выключенный кабинет не загружается, уже загруженное остаётся.',
    assigned: 'Без бизнеса: доступ дан напрямую', business: 'Бизнес', none: 'Кабинетов пока не нашли',
    noneHint: 'Проверьте токен и нажмите «Загрузить сейчас».', unseen: 'Закреплены за командой, но токен их не видит',
    unseenHint: 'Расход по ним не загружается. Дайте пользователю токена доступ к кабинету в Facebook и загрузите расходы ещё раз.',
    assignedYet: 'Уже закреплены за командами', assignedYetHint: 'Что о них знает Facebook, станет известно после первой загрузки.',
    choices: 'кабинеты', teams: 'команды', limit: 'дневной лимит', settings: 'Настройки кабинетов',
  },
  en: {
    title: 'Ad accounts', what: 'What an account spends is the spend of the team that it is assigned to. An account that is off is not pulled; what is known of it stays.',
    assigned: 'Of no business: access was given directly', business: 'Business', none: 'No accounts were found yet',
    noneHint: 'Test the token and press “Pull now”.', unseen: 'Assigned to a team, but not seen by the token',
    unseenHint: 'Their spend is not pulled. Give the token’s user access to the account at Facebook, and pull once more.',
    assignedYet: 'Assigned to teams already', assignedYetHint: 'What Facebook knows of them is told by the first pull.',
    choices: 'accounts', teams: 'teams', limit: 'daily limit', settings: 'Settings of accounts',
  },
};

const USUAL: AdAccountChoice = { enabled: true };

/** Each account that Facebook shows us, by business: how it stands, and what is decided about it. */
export function FacebookAccounts() {
  const texts = useTexts(TEXTS);
  const found = api.useQuery('get', '/api/traffic-facebook/accounts', {}, { refetchInterval: 30_000 });
  const choices = useDraft('ad_accounts');
  const teams = useDraft('teams');
  const nameOf = (id: string) => found.data?.items.find(({ account_id }) => account_id === id)?.name ?? id;
  const nameOfTeam = (id: string) => [...(teams.value ?? []), ...(teams.theirs?.value ?? [])].find((team) => team.id === id)?.title ?? id;
  const unread = found.error ?? choices.error ?? teams.error;
  const again = () => {
    void found.refetch();
    choices.again();
    teams.again();
  };
  const isReady = found.data && choices.value && teams.value;
  return (
    <>
      <Card title={texts.title}>
        <p className="quiet">{texts.what}</p>
        {unread ? <Failed what={found.error ? texts.title : texts.settings} error={unread} again={again} /> : !isReady && <Waiting lines={8} height={480} />}
        {found.data && choices.value && teams.value && (
          <Problems value={[...choices.problems, ...teams.problems]}>
            <Businesses
              accounts={found.data.items} choices={choices.value} held={choices.held?.value ?? {}} teams={teams.value} texts={texts}
              onChoose={choices.change} onAssign={teams.change}
            />
          </Problems>
        )}
      </Card>
      <SaveBar
        drafts={[choices, teams]} nameOfPiece={(section, name) => (section === 'teams' ? nameOfTeam(name) : nameOf(name))}
        nameOfField={(field) => (field.endsWith('.daily_limit') ? `${nameOf(field.replace('.daily_limit', ''))}, ${texts.limit}` : field)}
        nameOfSection={(section) => (section === 'teams' ? texts.teams : texts.choices)}
      />
    </>
  );
}

interface Properties {
  accounts: readonly Account[];
  choices: Record<string, AdAccountChoice>;
  /** What is saved: what was written down there stays written down. */
  held: Record<string, AdAccountChoice>;
  teams: TeamRule[];
  texts: Words;
  onChoose: (choices: Record<string, AdAccountChoice>) => void;
  onAssign: (teams: TeamRule[]) => void;
}

function Businesses({ accounts, choices, held, teams, texts, onChoose, onAssign }: Properties) {
  const groups = new Map<string, { title: string; accounts: Account[] }>();
  for (const account of accounts) {
    const { business } = account;
    const group = groups.get(business?.id ?? '') ?? { title: business ? `${texts.business}: ${business.name ?? business.id}` : texts.assigned, accounts: [] };
    groups.set(business?.id ?? '', group);
    group.accounts.push(account);
  }
  const choose = (id: string, choice: AdAccountChoice) => {
    const { [id]: _, ...others } = choices;
    onChoose(isSame(choice, USUAL) && !held[id] ? others : { ...others, [id]: choice });
  };
  const assign = (id: string, team: string) =>
    onAssign(teams.map((each) => {
      const others = each.ad_accounts.filter((own) => own !== id);
      if (each.id === team) return each.ad_accounts.includes(id) ? each : { ...each, ad_accounts: [...others, id] };
      return others.length === each.ad_accounts.length ? each : { ...each, ad_accounts: others };
    }));
  const known = new Set(accounts.map(({ account_id }) => account_id));
  const unseen = teams.flatMap((team) => team.ad_accounts.filter((id) => !known.has(id)));
  return (
    <>
      {accounts.length === 0 && <Empty title={texts.none}>{texts.noneHint}</Empty>}
      {[...groups].map(([id, group]) => (
        <section key={id} className="stack" aria-label={group.title}>
          <h3>{group.title}</h3>
          <ul className="accounts">
            {group.accounts.map((account) => (
              <FacebookAccount
                key={account.account_id} account={account} choice={choices[account.account_id] ?? USUAL} teams={teams}
                onChoose={(choice) => choose(account.account_id, choice)} onAssign={(team) => assign(account.account_id, team)}
              />
            ))}
          </ul>
        </section>
      ))}
      {unseen.length > 0 && (
        <section className="stack" aria-label={accounts.length ? texts.unseen : texts.assignedYet}>
          <h3>{accounts.length ? `▲ ${texts.unseen}` : texts.assignedYet}</h3>
          <p className="quiet">{accounts.length ? texts.unseenHint : texts.assignedYetHint}</p>
          <ul className="accounts">
            {unseen.map((id) => <UnseenAccount key={id} id={id} teams={teams} onAssign={(team) => assign(id, team)} />)}
          </ul>
        </section>
      )}
    </>
  );
}
