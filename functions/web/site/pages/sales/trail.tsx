// Why a sale is whose it is, in words: short for a row of a list, whole for the page of the sale.

import type { Schemas } from '~/api/client';
import { useTexts, type Texts } from '~/view/language';
import { usePerson } from '~/view/person';

type Trail = Schemas['Trail'];
type Reason = NonNullable<Trail['reason']>;

interface Words {
  short: {
    utm: (value: string, pattern: string) => string;
    ad: (account: string) => string;
    lead: (value: string, pattern: string) => string;
    none: Record<Reason, string>;
  };
  stands: (field: string, value: string) => string;
  readBy: Record<NonNullable<Trail['read_by']>, (from: string) => string>;
  matches: (pattern: string, team: string) => string;
  ofAccount: (account: string, team: string) => string;
  ofLead: (field: string, value: string) => string;
  none: Record<Reason, string>;
  seen: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    short: {
      utm: (value, pattern) => `«${value}» подходит под «${pattern}»`,
      ad: (account) => `реклама кабинета ${account}`,
      lead: (value, pattern) => `заявка: «${value}» подходит под «${pattern}»`,
      none: {
        no_utm: 'в сделке нет UTM-меток', unknown_utm: 'метки не подходят ни под одно правило',
        no_lead: 'нет ни UTM-меток, ни заявки',
      },
    },
    stands: (field, value) => `В сделке ${field} = «${value}».`,
    readBy: {
      code: (from) => `Значение взято из поля с кодом ${from}.`,
      field_id: (from) => `Значение взято из поля, номер которого задан в настройках (${from}).`,
      field_name: (from) => `Значение взято из поля с названием «${from}».`,
      link: (from) => `Значение взято из ссылки в поле «${from}».`,
      history: (from) => `Значение взято из базы прежней системы (${from}).`,
    },
    matches: (pattern, team) => `Оно подходит под правило «${pattern}» команды ${team}.`,
    ofAccount: (account, team) => `В нём номер из Facebook: это реклама кабинета ${account}, а он закреплён за командой ${team}.`,
    ofLead: (field, value) => `За сделкой стоит заявка с лендинга, в ней ${field} = «${value}».`,
    none: {
      no_utm: 'В сделке нет ни одной UTM-метки, поэтому команда неизвестна.',
      unknown_utm: 'В сделке есть UTM-метки, но они не подходят ни под одно правило команд.',
      no_lead: 'В сделке нет UTM-меток, и никто из её контактов не заполнял наши формы.',
    },
    seen: 'Что смотрели',
  },
  en: {
    short: {
      utm: (value, pattern) => `“${value}” matches “${pattern}”`,
      ad: (account) => `an ad of account ${account}`,
      lead: (value, pattern) => `form: “${value}” matches “${pattern}”`,
      none: { no_utm: 'the deal has no UTM values', unknown_utm: 'no rule knows its values', no_lead: 'neither UTM values nor a form' },
    },
    stands: (field, value) => `The deal has ${field} = “${value}”.`,
    readBy: {
      code: (from) => `It was read from the field with the code ${from}.`,
      field_id: (from) => `It was read from the field that the settings name by its number (${from}).`,
      field_name: (from) => `It was read from the field named “${from}”.`,
      link: (from) => `It was read from a link in the field “${from}”.`,
      history: (from) => `It was read from the database of the system before this one (${from}).`,
    },
    matches: (pattern, team) => `It matches the rule “${pattern}” of team ${team}.`,
    ofAccount: (account, team) => `There is a Facebook number in it: an ad of account ${account}, which belongs to team ${team}.`,
    ofLead: (field, value) => `Behind the deal is a form of a landing page with ${field} = “${value}”.`,
    none: {
      no_utm: 'The deal has no UTM value, so its team is not known.',
      unknown_utm: 'The deal has UTM values, but no team’s rule knows them.',
      no_lead: 'The deal has no UTM values, and none of its contacts has filled in one of our forms.',
    },
    seen: 'What was looked at',
  },
};

/** One short sentence. */
export function useTrailShort(): (trail: Trail) => string {
  const { short } = useTexts(TEXTS);
  return (trail) => {
    const [value, pattern] = [trail.value ?? '', trail.pattern ?? ''];
    switch (trail.source) {
      case 'utm':
        return short.utm(value, pattern);
      case 'ad':
        return short.ad(pattern);
      case 'landing_lead':
        return short.lead(value, pattern);
      case 'none':
        return trail.reason ? short.none[trail.reason] : '';
    }
  };
}

/** The whole of it, with the values that were looked at where none decided. */
export function TrailInWords({ trail }: { trail: Trail }) {
  const texts = useTexts(TEXTS);
  const { teams } = usePerson();
  const team = teams.find(({ id }) => id === trail.team)?.title ?? trail.team ?? '';
  const seen = Object.entries(trail.seen ?? {});
  return (
    <>
      <p>{sentences(texts, trail, team).join(' ')}</p>
      {seen.length > 0 && (
        <div>
          <h3>{texts.seen}</h3>
          <ul className="values">
            {seen.map(([name, values]) => <li key={name}><code>{name}</code>: {values.map((value) => `«${value}»`).join(', ')}</li>)}
          </ul>
        </div>
      )}
    </>
  );
}

function sentences(texts: Words, trail: Trail, team: string): string[] {
  const [value, pattern] = [trail.value ?? '', trail.pattern ?? ''];
  const readBy = trail.read_by ? [texts.readBy[trail.read_by](trail.read_from ?? '')] : [];
  switch (trail.source) {
    case 'utm':
      return [texts.stands(trail.field ?? '', value), ...readBy, texts.matches(pattern, team)];
    case 'ad':
      return [texts.stands(trail.field ?? '', value), ...readBy, texts.ofAccount(pattern, team)];
    case 'landing_lead':
      return [
        texts.ofLead(trail.read_from ?? trail.field ?? '', value),
        pattern.startsWith('act_') ? texts.ofAccount(pattern, team) : texts.matches(pattern, team),
      ];
    case 'none':
      return trail.reason ? [texts.none[trail.reason]] : [];
  }
}
