import { api } from '~/api/client';
import { Card } from '~/parts/card';
import { useTexts, type Texts } from '~/view/language';
import { ApplyCard } from './apply';
import { useDraft } from './draft';
import { MatchTest } from './match-test';
import { moved } from './order-buttons';
import { ORDER } from './pieces';
import { PreviewCard } from './preview';
import { SaveBar } from './save-bar';
import { SectionForm } from './section-form';
import { TeamCard } from './team-card';

interface Words {
  what: string;
  add: string;
  order: string;
  newTeam: string;
  fields: Record<string, string>;
  pattern: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    what: 'Команды проверяются по порядку: продажа достаётся первой, чья метка нашлась в UTM. Сохранённые правила действуют на новые продажи сразу; прошлые дни меняет только «Применить» внизу.',
    add: 'Добавить команду', order: 'Порядок команд', newTeam: 'Новая команда', pattern: 'метка',
    fields: { id: 'код', title: 'название', color: 'цвет', emoji: 'эмодзи', ad_accounts: 'рекламные кабинеты', patterns: 'метки' },
  },
  en: {
    what: 'Teams are tried in order: a sale is the first one’s whose pattern is found in the UTM values. Saved rules decide about new sales at once; past days are changed only by “Apply” below.',
    add: 'Add a team', order: 'Order of the teams', newTeam: 'New team', pattern: 'pattern',
    fields: { id: 'id', title: 'title', color: 'colour', emoji: 'emoji', ad_accounts: 'ad accounts', patterns: 'patterns' },
  },
};

const NEW = { id: '', title: '', color: '#0f766e', emoji: '⭐', patterns: [], ad_accounts: [] };

export function TeamsTab() {
  const texts = useTexts(TEXTS);
  const draft = useDraft('teams');
  const accounts = api.useQuery('get', '/api/traffic-facebook/accounts', {}, { staleTime: 60_000 });
  const nameOfField = (field: string) => {
    const [, place, name = '', at] = field.split(/[.[\]]+/);
    const team = draft.value?.[Number(place)];
    if (!team) return texts.order;
    const label = name === 'patterns' && at ? `${texts.pattern} ${Number(at) + 1}` : (texts.fields[name] ?? name);
    return `${team.title || texts.newTeam}, ${label}`;
  };
  return (
    <div className="stack">
      <p className="quiet">{texts.what}</p>
      <SectionForm draft={draft} height={1400}>
        {(teams) => (
          <>
            <div className="two">
              {teams.map((team, place) => (
                <TeamCard
                  // A saved team is known by its id; a new one has none that stays while it is typed.
                  key={draft.held?.value.some(({ id }) => id === team.id) ? team.id : `new ${place}`}
                  team={team} place={place} count={teams.length} isSaved={draft.held?.value.some(({ id }) => id === team.id) ?? false}
                  accounts={accounts.data?.items ?? []}
                  onChange={(part) => draft.change(teams.map((each, at) => (at === place ? { ...each, ...part } : each)))}
                  onMove={(to) => draft.change(moved(teams, place, to))}
                  onRemove={() => draft.change(teams.filter((_, at) => at !== place))}
                />
              ))}
            </div>
            <div><button type="button" onClick={() => draft.change([...teams, NEW])}>{texts.add}</button></div>
            <Card title={<MatchTest.Title />}><MatchTest teams={teams} isChanged={draft.isChanged} /></Card>
          </>
        )}
      </SectionForm>
      <SaveBar
        drafts={[draft]} nameOfField={nameOfField}
        nameOfPiece={(_, name) => (name === ORDER ? texts.order : (draft.value?.find(({ id }) => id === name)?.title ?? draft.theirs?.value.find(({ id }) => id === name)?.title ?? name))}
      />
      <PreviewCard draft={draft} />
      <ApplyCard isChanged={draft.isChanged} />
    </div>
  );
}
