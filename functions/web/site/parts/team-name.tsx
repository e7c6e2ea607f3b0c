import type { Team } from '~/view/person';

/** A team with its colour and its sign; whose it is never depends on the colour alone. */
export function TeamName({ team }: { team: Pick<Team, 'title' | 'color' | 'emoji'> }) {
  return (
    <span className="team">
      <i style={{ background: team.color }} aria-hidden="true" />
      <span aria-hidden="true">{team.emoji}</span>
      {team.title}
    </span>
  );
}
