// How a team is called by its id. One that was only just saved is not among those that the person was told of at sign-in.

import { usePerson, type Team } from '~/view/person';

export function useTeamOf(): (id: string) => Team {
  const { teams } = usePerson();
  return (id) => teams.find((team) => team.id === id) ?? { id, title: id, color: 'currentColor', emoji: '' };
}
