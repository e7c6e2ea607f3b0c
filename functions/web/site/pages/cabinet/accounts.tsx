import type { Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Table, type Column } from '~/parts/table';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';

type Account = Schemas['FunnelAccount'];

interface Words {
  title: string;
  columns: Record<'account' | 'currency' | 'rate' | 'zone' | 'pulled', string>;
  ofDay: string;
  never: string;
  none: string;
  whatToDo: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Рекламные кабинеты',
    columns: { account: 'Кабинет', currency: 'Валюта', rate: 'Последний курс', zone: 'Часовой пояс', pulled: 'Загружен' },
    ofDay: 'за', never: 'ещё нет', none: 'У команды нет рекламных кабинетов',
    whatToDo: 'Администратор привязывает кабинет к команде в настройках, в разделе Facebook.',
  },
  en: {
    title: 'Ad accounts',
    columns: { account: 'Account', currency: 'Currency', rate: 'Latest rate', zone: 'Time zone', pulled: 'Loaded' },
    ofDay: 'of', never: 'not yet', none: 'The team has no ad accounts',
    whatToDo: 'An admin gives an account to a team in the settings, under Facebook.',
  },
};

/** Where the team's spend comes from, and what it was turned into tenge at. */
export function Accounts({ accounts }: { accounts: readonly Account[] }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const rate = ({ rate: known, currency }: Account) =>
    known && currency !== 'KZT' ? `${formats.rate(known)} ${texts.ofDay} ${formats.day(known.date)}` : NOTHING;
  const columns: Column<Account>[] = [
    { id: 'account', title: texts.columns.account, cell: (account) => <code>{account.account_id}</code>, by: (account) => account.account_id },
    { id: 'currency', title: texts.columns.currency, cell: (account) => account.currency ?? NOTHING, by: (account) => account.currency },
    { id: 'rate', title: texts.columns.rate, cell: rate, isNumber: true },
    { id: 'zone', title: texts.columns.zone, cell: (account) => account.account_timezone ?? NOTHING },
    {
      id: 'pulled', title: texts.columns.pulled, by: (account) => account.last_pulled_at,
      cell: (account) => (account.last_pulled_at ? formats.ago(account.last_pulled_at) : texts.never),
    },
  ];
  return (
    <Card title={texts.title} className="accounts">
      {accounts.length > 0
        ? <Table caption={texts.title} columns={columns} rows={accounts} keyOf={(account) => account.account_id} />
        : <Empty title={texts.none}>{texts.whatToDo}</Empty>}
    </Card>
  );
}
