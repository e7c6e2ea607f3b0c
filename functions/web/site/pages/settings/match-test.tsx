import { useSearchParams } from 'wouter';
import { api } from '~/api/client';
import { Explanation } from '~/pages/admin/explain-trail';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { decide } from './matching';
import { UTM_NAMES, type TeamRule, type UtmName } from './section';

interface Words {
  title: string;
  what: string;
  edited: string;
  saved: string;
  nobody: string;
  by: (pattern: string) => string;
  account: string;
  ids: string;
  first: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Кому достанется', what: 'Введите UTM продажи, чтобы увидеть, чья она.', edited: 'По правилам выше, ещё не сохранённым', saved: 'По сохранённым правилам',
    nobody: 'Никому', by: (pattern) => `метка «${pattern}»`, account: 'рекламный кабинет', ids: 'Номера объявлений узнаются только после сохранения.',
    first: 'Решает первое совпадение, поля проверяются слева направо.',
  },
  en: {
    title: 'Who would match', what: 'Type the UTM values of a sale to see whose it is.', edited: 'By the rules above, not saved yet', saved: 'By the saved rules',
    nobody: 'Nobody', by: (pattern) => `pattern “${pattern}”`, account: 'ad account', ids: 'Ids of ads are looked up only by saved rules.',
    first: 'The first match decides; fields are tried from left to right.',
  },
};

/** Typed UTM values, and whose they are: at once by what is being edited, and by the saved rules as the API explains it. */
export function MatchTest({ teams, isChanged }: { teams: readonly TeamRule[]; isChanged: boolean }) {
  const texts = useTexts(TEXTS);
  const [parameters, setParameters] = useSearchParams();
  const values = Object.fromEntries(UTM_NAMES.map((name) => [name, parameters.get(name) ?? ''])) as Record<UtmName, string>;
  const isAsked = UTM_NAMES.some((name) => values[name].trim() !== '');
  const type = (name: UtmName, value: string) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      if (value) after.set(name, value);
      else after.delete(name);
      return after;
    }, { replace: true });
  const match = decide(values, teams);
  return (
    <>
      <p className="quiet">{texts.what} {texts.first}</p>
      <div className="fields">
        {UTM_NAMES.map((name) => (
          <label key={name} className="field">
            <span className="quiet">{name}</span>
            <input value={values[name]} onChange={(event) => type(name, event.target.value)} />
          </label>
        ))}
      </div>
      {isAsked && (
        <div className="two" aria-live="polite">
          {isChanged && (
            <div data-match="edited">
              <h3>{texts.edited}</h3>
              <p>
                <b>{match ? `${match.team.emoji} ${match.team.title || match.team.id}` : texts.nobody}</b>
                {match && (
                  <span className="quiet"> {match.field}: {'pattern' in match.by ? texts.by(match.by.pattern.text) : `${texts.account} ${match.by.account}`}</span>
                )}
              </p>
              {!match && /\d{6}/.test(Object.values(values).join(' ')) && <small className="quiet">{texts.ids}</small>}
            </div>
          )}
          <div data-match="saved">
            <h3>{texts.saved}</h3>
            <BySaved values={values} />
          </div>
        </div>
      )}
    </>
  );
}

MatchTest.Title = function Title() {
  return useTexts(TEXTS).title;
};

function BySaved({ values }: { values: Record<UtmName, string> }) {
  const { data, error, refetch } = api.useQuery('get', '/api/admin/attribution/explain', { params: { query: values } }, { placeholderData: (before) => before });
  if (error) return <Failed error={error} again={refetch} />;
  if (!data) return <Waiting lines={2} />;
  return <Explanation trail={data.trail} values={values} />;
}
