// Events as rows: when they came, what became of them and why.

import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { Table, type Column } from '~/parts/table';
import { TeamName } from '~/parts/team-name';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useTeam } from '~/view/person';
import { useViewSearch } from '~/view/view';
import { OutcomeSign, WORDS } from './outcome';
import { Said } from './sign';

type Event = Schemas['Event'];

interface Words {
  title: string;
  outcome: string;
  route: string;
  came: string;
  origin: string;
  deal: string;
  team: string;
  why: string;
  replayed: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'События', outcome: 'Результат', route: 'Вход', came: 'Пришло', origin: 'Откуда', deal: 'Сделка', team: 'Команда',
    why: 'Почему', replayed: 'принято заново',
  },
  en: {
    title: 'Events', outcome: 'Outcome', route: 'Door', came: 'Came', origin: 'From', deal: 'Deal', team: 'Team',
    why: 'Why', replayed: 'taken in again',
  },
};

export function EventList({ items }: { items: readonly Event[] }) {
  const texts = useTexts(TEXTS);
  const words = useTexts(WORDS);
  const formats = useFormats();
  const view = useViewSearch();
  const columns: Column<Event>[] = [
    {
      id: 'came', title: texts.came,
      cell: ({ id, received_at: at }) => <Link href={`/admin/events/${encodeURIComponent(id)}${view}`}>{formats.moment(at)}</Link>,
    },
    { id: 'outcome', title: texts.outcome, cell: (event) => <OutcomeSign outcome={event.outcome} /> },
    { id: 'why', title: texts.why, cell: (event) => <Why event={event} replayed={texts.replayed} /> },
    { id: 'deal', title: texts.deal, cell: ({ lead_id: lead }) => lead ?? NOTHING },
    { id: 'team', title: texts.team, cell: ({ team }) => <Team id={team} /> },
    { id: 'route', title: texts.route, cell: ({ route }) => words.routes[route] },
    { id: 'origin', title: texts.origin, cell: ({ origin }) => words.origins[origin] },
  ];
  return <Table caption={texts.title} columns={columns} rows={items} keyOf={({ id }) => id} />;
}

function Why({ event, replayed }: { event: Event; replayed: string }) {
  const words = useTexts(WORDS);
  const formats = useFormats();
  return (
    <>
      {event.reason && words.reasons[event.reason]}
      {event.problems.length > 0 && <Said>{event.problems.join('; ')}</Said>}
      {event.replayed_at && <span className="quiet"> {replayed} {formats.moment(event.replayed_at)}</span>}
    </>
  );
}

function Team({ id }: { id: string | undefined }) {
  const team = useTeam(id);
  return team ? <TeamName team={team} /> : (id ?? NOTHING);
}
