// One team's figures, down to the ad. A buyer sees the own team's only.

import '~/pages/main/main.css';
import './cabinet.css';

import { Link, useParams } from 'wouter';
import { Overview } from '~/pages/main/overview';
import { NotThere } from '~/pages/not-there';
import { Empty } from '~/parts/empty';
import { TeamName } from '~/parts/team-name';
import { useTexts, type Texts } from '~/view/language';
import { useIsAdmin, usePerson, useTeam } from '~/view/person';
import { Accounts } from './accounts';
import { Ads } from './ads';

interface Words {
  refused: string;
  notYours: string;
  yours: string;
}

const TEXTS: Texts<Words> = {
  ru: { refused: 'Нет доступа', notYours: 'Это кабинет другой команды, его цифры видят её баеры и администраторы.', yours: 'Вам открыт кабинет:' },
  en: { refused: 'No access', notYours: "This is another team's cabinet: its buyers and the admins see it.", yours: 'You can open:' },
};

export default function Cabinet() {
  const { team: id = '' } = useParams();
  const team = useTeam(id);
  const isAdmin = useIsAdmin();
  if (!team) return isAdmin ? <NotThere /> : <Refused />;
  return (
    <Overview key={team.id} title={<TeamName team={team} />} team={team.id} below={<Ads team={team.id} />}>
      {(answer) => <Accounts accounts={answer.accounts} />}
    </Overview>
  );
}

function Refused() {
  const texts = useTexts(TEXTS);
  const { teams } = usePerson();
  return (
    <>
      <h1>{texts.refused}</h1>
      <Empty title={texts.notYours}>
        {teams.length > 0 && (
          <>
            {texts.yours}{' '}
            {teams.map((team) => <Link key={team.id} href={`/traffic/cabinet/${team.id}`}><TeamName team={team} /></Link>)}
          </>
        )}
      </Empty>
    </>
  );
}
