import type { Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Table, type Column } from '~/parts/table';
import { TeamName } from '~/parts/team-name';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useTeam } from '~/view/person';
import { Said, Sign } from './sign';

interface Words {
  title: string;
  account: string;
  team: string;
  nobody: string;
  ads: string;
  broken: string;
  checked: string;
  never: string;
  state: string;
  good: string;
  late: string;
  none: string;
  noneWhy: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Рекламные аккаунты', account: 'Аккаунт', team: 'Команда', nobody: 'Без команды', ads: 'Объявлений', broken: 'С ошибками', checked: 'Проверен',
    never: 'ещё нет', state: 'Проверка', good: 'Вовремя', late: 'Давно не проверялся', none: 'Аккаунтов ещё нет',
    noneWhy: 'Они появятся, когда Facebook покажет их нашему ключу.',
  },
  en: {
    title: 'Ad accounts', account: 'Account', team: 'Team', nobody: 'No team', ads: 'Ads', broken: 'With mistakes', checked: 'Checked',
    never: 'not yet', state: 'Check', good: 'In time', late: 'Not checked for long', none: 'There are no accounts yet',
    noneWhy: 'They come when Facebook shows them to our key.',
  },
};

type Account = Schemas['UtmAccount'];

/** How old the result of each account is, and what kept it from being checked. */
export function Accounts({ accounts }: { accounts: readonly Account[] }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const columns: Column<Account>[] = [
    { id: 'account', title: texts.account, by: ({ name }) => name, cell: ({ name, account_id: id }) => name ?? id },
    { id: 'team', title: texts.team, by: ({ team }) => team, cell: ({ team }) => <Owner id={team} nobody={texts.nobody} /> },
    { id: 'ads', title: texts.ads, isNumber: true, by: ({ ads }) => ads, cell: ({ ads }) => formats.number(ads) },
    { id: 'broken', title: texts.broken, isNumber: true, by: (one) => one.with_findings, cell: (one) => formats.number(one.with_findings) },
    { id: 'checked', title: texts.checked, by: ({ checked_at: at }) => at, cell: ({ checked_at: at }) => (at ? formats.ago(at) : texts.never) },
    {
      id: 'state', title: texts.state,
      cell: ({ stale, problem }) => (
        <>
          <Sign status={stale ? 'warning' : 'ok'}>{stale ? texts.late : texts.good}</Sign>
          {problem && <> <Said>{problem}</Said></>}
        </>
      ),
    },
  ];
  return (
    <Card title={texts.title}>
      {accounts.length
        ? <Table caption={texts.title} columns={columns} rows={accounts} keyOf={(one) => one.account_id} />
        : <Empty title={texts.none}>{texts.noneWhy}</Empty>}
    </Card>
  );
}

function Owner({ id, nobody }: { id: string | null; nobody: string }) {
  const team = useTeam(id);
  return team ? <TeamName team={team} /> : nobody;
}
