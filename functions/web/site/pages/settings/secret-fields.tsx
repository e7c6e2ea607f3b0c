import type { Schemas } from '~/api/client';
import { useFormats } from '~/view/format';
import { plural, useLanguage, useTexts, type Texts } from '~/view/language';
import { useKeyNames } from './secret-words';

const TEXTS: Texts<{ isSet: string; none: string; changed: string; never: string; day: [string, string, string]; age: string }> = {
  ru: { isSet: 'задано', none: 'не задано', changed: 'Задан', never: 'неизвестно когда', day: ['день', 'дня', 'дней'], age: 'служит' },
  en: { isSet: 'set', none: 'not set', changed: 'Set', never: 'not known when', day: ['day', 'days', 'days'], age: 'in use for' },
};

/** As much of a secret as may be shown: the last four characters of each field, and how old it is. */
export function SecretFields({ secret }: { secret: Schemas['Secret'] }) {
  const texts = useTexts(TEXTS);
  const names = useKeyNames();
  const formats = useFormats();
  const language = useLanguage();
  const { fields, changed_at, age_days } = secret;
  return (
    <>
      <dl className="secret-fields">
        {fields.map(({ name, is_set, last_four }) => (
          <div key={name}>
            <dt className="quiet">{names.fields[name] ?? name}</dt>
            <dd>{last_four ? <code>…{last_four}</code> : is_set ? texts.isSet : <span className="quiet">{texts.none}</span>}</dd>
          </div>
        ))}
      </dl>
      <small className="quiet">
        {texts.changed} {changed_at ? formats.moment(changed_at) : texts.never}
        {age_days !== null && age_days > 0 && `, ${texts.age} ${formats.number(age_days)} ${plural(language, age_days, ...texts.day)}`}
      </small>
    </>
  );
}
