import { useTexts, type Texts } from '~/view/language';
import { useTeam } from '~/view/person';
import { TeamName } from './team-name';

const TEXTS: Texts<string> = { ru: 'Без команды', en: 'Unattributed' };

/** Whose a row is. A team that is no longer in the settings is named by its id. */
export function Whose({ team: id }: { team: string | null }) {
  const nobody = useTexts(TEXTS);
  const team = useTeam(id);
  if (team) return <TeamName team={team} />;
  return <span className="quiet">{id ?? nobody}</span>;
}
