import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { TeamName } from '~/parts/team-name';
import { Table, type Column } from '~/parts/table';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useTeam } from '~/view/person';
import { Said } from './sign';
import { KIND_ADVICE, KIND_NAMES } from './utm-check-kinds';

interface Words {
  spent: Record<'today' | 'yesterday', string>;
  notKnown: string;
  noRate: string;
  nobody: string;
  campaign: string;
  goesTo: string;
  tags: string;
  name: string;
  value: string;
  filled: string;
  place: string;
  places: Record<Schemas['UtmTag']['place'], string>;
}

const TEXTS: Texts<Words> = {
  ru: {
    spent: { today: 'сегодня', yesterday: 'вчера' }, notKnown: 'расход ещё не выгружен', noRate: 'без курса', nobody: 'Аккаунт без команды',
    campaign: 'Кампания в кабинете', goesTo: 'Продажи уходят команде', tags: 'Метки, которые увидел сервис', name: 'Метка', value: 'Как написано',
    filled: 'Как придёт', place: 'Где', places: { url_tags: 'параметры URL', link: 'ссылка' },
  },
  en: {
    spent: { today: 'today', yesterday: 'yesterday' }, notKnown: 'spend not pulled yet', noRate: 'without a rate', nobody: 'An account of no team',
    campaign: 'The campaign in the cabinet', goesTo: 'The sales go to', tags: 'The tags that were seen', name: 'Tag', value: 'As written',
    filled: 'As it will arrive', place: 'Where', places: { url_tags: 'URL parameters', link: 'link' },
  },
};

/** An ad with what is wrong with its tags, what it costs and where it is. */
export function Suspect({ ad }: { ad: Schemas['UtmSuspect'] }) {
  const texts = useTexts(TEXTS);
  const kinds = useTexts(KIND_NAMES);
  const advice = useTexts(KIND_ADVICE);
  const formats = useFormats();
  const team = useTeam(ad.team);
  const isHere = team && ad.campaign_id;
  const chain = [ad.account_name ?? ad.account_id, ad.campaign_name, ad.adset_name].filter(Boolean).join(' → ');
  return (
    <li data-ad={ad.ad_id}>
      <div className="row">
        <h3>{ad.ad_name ?? ad.ad_id}</h3>
        {ad.findings.map(({ kind }, index) => <span key={index} className="badge bad"><span aria-hidden="true">✕ </span>{kinds[kind]}</span>)}
        <span className="spread">
          {ad.spend_of && ad.spend
            ? <><b>{ad.spend_kzt === null ? formats.money(ad.spend) : formats.tenge(ad.spend_kzt)}</b> {ad.spend_kzt === null && texts.noRate} <span className="quiet">{texts.spent[ad.spend_of]}</span></>
            : <span className="quiet">{texts.notKnown}</span>}
        </span>
      </div>
      <p className="quiet">{team ? <TeamName team={team} /> : texts.nobody} · {chain}</p>
      <ul>
        {ad.findings.map((finding, index) => (
          <li key={index}>
            {advice[finding.kind]}{finding.goes_to && <> {texts.goesTo} <GoesTo id={finding.goes_to} />.</>}
            <small className="quiet"> <Said>{finding.problem} {finding.what_to_do}</Said></small>
          </li>
        ))}
      </ul>
      {isHere && <p><Link href={`/traffic/cabinet/${team.id}?campaign=${ad.campaign_id}`}>{texts.campaign} →</Link></p>}
      {ad.tags.length > 0 && <details><summary>{texts.tags}</summary><Tags tags={ad.tags} texts={texts} /></details>}
    </li>
  );
}

function GoesTo({ id }: { id: string }) {
  const team = useTeam(id);
  return team ? <TeamName team={team} /> : id;
}

function Tags({ tags, texts }: { tags: readonly Schemas['UtmTag'][]; texts: Words }) {
  const rows = tags.map((tag, index) => ({ ...tag, index }));
  const columns: Column<(typeof rows)[number]>[] = [
    { id: 'name', title: texts.name, cell: ({ name }) => <code>{name}</code> },
    { id: 'value', title: texts.value, cell: ({ value }) => <code>{value}</code> },
    { id: 'filled', title: texts.filled, cell: ({ filled }) => (filled ? <code>{filled}</code> : NOTHING) },
    { id: 'place', title: texts.place, cell: ({ place }) => texts.places[place] },
  ];
  return <Table caption={texts.tags} columns={columns} rows={rows} keyOf={({ index }) => String(index)} />;
}
