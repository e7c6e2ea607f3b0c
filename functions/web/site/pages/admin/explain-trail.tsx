// A trail in words: whose it is, what decided, and what became of each value.

import './explain.css';

import type { Schemas } from '~/api/client';
import { TeamName } from '~/parts/team-name';
import { useTexts, type Texts } from '~/view/language';
import { useTeam } from '~/view/person';

type Trail = Schemas['Trail'];
type UtmName = Schemas['UtmName'];

export const UTM_NAMES: readonly UtmName[] = ['utm_campaign', 'utm_source', 'utm_content', 'utm_term', 'utm_medium'];

interface Words {
  nobody: string;
  quoted: (text: string) => string;
  sources: Record<'utm' | 'ad' | 'landing_lead', (value: string, by: string) => string>;
  form: string;
  reasons: Record<'no_utm' | 'unknown_utm' | 'no_lead', string>;
  readBy: Record<NonNullable<Trail['read_by']>, string>;
  steps: string;
  decided: string;
  unknown: string;
  notAsked: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    nobody: 'Никому',
    quoted: (text) => `«${text}»`,
    sources: {
      utm: (value, by) => `${value} содержит метку «${by}».`,
      ad: (value, by) => `В ${value} есть номер из рекламного кабинета ${by}.`,
      landing_lead: (value, by) => `Решила форма на сайте: ${value} подходит под «${by}».`,
    },
    form: 'Заявка',
    reasons: {
      no_utm: 'UTM нет, решать не по чему.', unknown_utm: 'UTM есть, но ни одна команда их не узнаёт.',
      no_lead: 'UTM нет, и заявки с наших форм за этой сделкой не нашлось.',
    },
    readBy: {
      code: 'Прочитано по коду поля', field_id: 'Прочитано по номеру поля', field_name: 'Прочитано по названию поля', link: 'Прочитано из ссылки',
      history: 'Взято из прежней базы',
    },
    steps: 'По значениям', decided: 'решило', unknown: 'ни одна команда не узнаёт', notAsked: 'уже не понадобилось',
  },
  en: {
    nobody: 'Nobody',
    quoted: (text) => `“${text}”`,
    sources: {
      utm: (value, by) => `${value} has the pattern “${by}”.`,
      ad: (value, by) => `${value} has an id of the ad account ${by}.`,
      landing_lead: (value, by) => `The form on the site decided: ${value} matches “${by}”.`,
    },
    form: 'Lead',
    reasons: {
      no_utm: 'There are no UTM values to decide by.', unknown_utm: 'There are UTM values, but no team knows them.',
      no_lead: 'There are no UTM values, and no form of ours was found behind the deal.',
    },
    readBy: {
      code: 'Read by the field’s code', field_id: 'Read by the field’s number', field_name: 'Read by the field’s name', link: 'Read from a link',
      history: 'Taken from the database before this one',
    },
    steps: 'Value by value', decided: 'decided', unknown: 'known to no team', notAsked: 'was not needed any more',
  },
};

interface Properties {
  trail: Trail;
  /** The values that were asked about; without them those that the trail names. */
  values?: Partial<Record<UtmName, string>>;
}

export function Explanation({ trail, values }: Properties) {
  const texts = useTexts(TEXTS);
  const { source, field, value, pattern, read_by, read_from, landing_lead } = trail;
  const named = `${field ?? read_from ?? 'slug'} ${texts.quoted(value ?? '')}`;
  return (
    <div className="stack explanation">
      <p><b className="owner"><Owner id={trail.team} texts={texts} /></b></p>
      <p>
        {source === 'none' ? texts.reasons[trail.reason ?? 'unknown_utm'] : texts.sources[source](named, pattern ?? '')}
        {source !== 'none' && read_by && !values && <span className="quiet"> {texts.readBy[read_by]}{read_from && read_from !== field ? ` ${texts.quoted(read_from)}` : ''}.</span>}
        {landing_lead && <span className="quiet"> {texts.form} <code>{landing_lead}</code>.</span>}
      </p>
      <Steps trail={trail} values={values} texts={texts} />
    </div>
  );
}

function Owner({ id, texts }: { id: string | null; texts: Words }) {
  const team = useTeam(id);
  if (id === null) return texts.nobody;
  return team ? <TeamName team={team} /> : id;
}

function Steps({ trail, values, texts }: { trail: Trail; values: Properties['values']; texts: Words }) {
  const of = (name: UtmName) => (values ? [values[name]?.trim() ?? ''].filter(Boolean) : (trail.seen?.[name] ?? []));
  const rows = UTM_NAMES.flatMap((name) => of(name).map((value) => ({ name, value })));
  if (rows.length === 0) return null;
  const decided = rows.findIndex(({ name, value }) => name === trail.field && value === trail.value?.trim() && trail.team !== null);
  // Ids are looked at once no pattern has matched any value, so every value was looked at then.
  const isLast = (place: number) => trail.source === 'utm' && decided >= 0 && place > decided;
  return (
    <>
      <h3>{texts.steps}</h3>
      <ol className="steps">
        {rows.map(({ name, value }, place) => (
          <li key={`${name} ${value}`}>
            <span className="quiet">{name}</span> <b>{value}</b>:{' '}
            {place === decided ? <span className="good">✓ {texts.decided}</span> : isLast(place) ? <span className="quiet">{texts.notAsked}</span> : `— ${texts.unknown}`}
          </li>
        ))}
      </ol>
    </>
  );
}
