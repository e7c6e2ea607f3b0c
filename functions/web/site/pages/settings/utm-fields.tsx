import { useState } from 'react';
import { useTexts, type Texts } from '~/view/language';
import { Field, NumberField } from './field';
import { UTM_NAMES, type Products, type UtmName } from './section';

const TEXTS: Texts<{ hint: string; id: string; name: string; remove: string; add: string }> = {
  ru: {
    hint: 'Поля с кодом UTM_… и с обычными названиями находятся сами. Здесь указываются остальные, по номеру поля.',
    id: 'Номер поля', name: 'Что в нём', remove: 'Убрать поле', add: 'Добавить поле',
  },
  en: {
    hint: 'Fields with a code UTM_… or a usual name are found by themselves. Others are named here, by the field’s number.',
    id: 'Number of the field', name: 'What it holds', remove: 'Remove the field', add: 'Add a field',
  },
};

type Fields = Products['utm_fields'];

interface Properties {
  fields: Fields;
  onChange: (fields: Fields) => void;
}

/** Which field of amoCRM holds which UTM value. A row without a number is not one yet. */
export function UtmFields({ fields, onChange }: Properties) {
  const texts = useTexts(TEXTS);
  const [isAdding, setAdding] = useState(false);
  const rows = Object.entries(fields) as [string, UtmName][];
  const without = (id: string) => Object.fromEntries(rows.filter(([each]) => each !== id));
  return (
    <>
      <small className="quiet">{texts.hint}</small>
      {rows.length > 0 && (
        <ul className="pairs">
          {rows.map(([id, name]) => (
            <li key={id}>
              <span>№ {id}</span>
              <Field path={`utm_fields.${id}`} label={texts.name} isBare>
                {(control) => (
                  <select {...control} value={name} onChange={(event) => onChange({ ...fields, [id]: event.target.value as UtmName })}>
                    {UTM_NAMES.map((each) => <option key={each}>{each}</option>)}
                  </select>
                )}
              </Field>
              <button type="button" aria-label={`${texts.remove} ${id}`} onClick={() => onChange(without(id))}>✕</button>
            </li>
          ))}
        </ul>
      )}
      {isAdding
        ? <NewField texts={texts} onAdd={(id, name) => { setAdding(false); onChange({ ...fields, [id]: name }); }} />
        : <div><button type="button" onClick={() => setAdding(true)}>{texts.add}</button></div>}
    </>
  );
}

function NewField({ texts, onAdd }: { texts: (typeof TEXTS)['ru']; onAdd: (id: string, name: UtmName) => void }) {
  const [id, setId] = useState(0);
  const [name, setName] = useState<UtmName>('utm_campaign');
  return (
    <div className="fields">
      <NumberField path="utm_fields.new" label={texts.id} value={id} onChange={setId} />
      <Field path="utm_fields.new.name" label={texts.name}>
        {(control) => (
          <select {...control} value={name} onChange={(event) => setName(event.target.value as UtmName)}>
            {UTM_NAMES.map((each) => <option key={each}>{each}</option>)}
          </select>
        )}
      </Field>
      <button type="button" disabled={id === 0} onClick={() => onAdd(String(id), name)}>{texts.add}</button>
    </div>
  );
}
