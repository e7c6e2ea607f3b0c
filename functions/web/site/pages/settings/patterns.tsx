import { useRef } from 'react';
import { useTexts, type Texts } from '~/view/language';
import { Field } from './field';
import { moved, OrderButtons } from './order-buttons';
import type { Matching, Pattern } from './section';

interface Words {
  title: string;
  hint: string;
  text: string;
  kind: string;
  kinds: Record<Matching, string>;
  remove: string;
  add: string;
  none: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Метки в UTM', hint: '«Слово» не совпадает внутри другого слова: onai есть в onai2 и kz_onai, но не в konai.', text: 'Метка', kind: 'Как искать',
    kinds: { word: 'слово', anywhere: 'где угодно' }, remove: 'Убрать метку', add: 'Добавить метку', none: 'Меток нет: по UTM команде ничего не достанется.',
  },
  en: {
    title: 'Patterns in UTM values', hint: 'A “word” does not match within another word: onai is in onai2 and kz_onai, not in konai.', text: 'Pattern', kind: 'How it matches',
    kinds: { word: 'word', anywhere: 'anywhere' }, remove: 'Remove the pattern', add: 'Add a pattern', none: 'No patterns: nothing is the team’s by UTM values.',
  },
};

interface Properties {
  /** Which team, counted from 0. */
  place: number;
  name: string;
  patterns: readonly Pattern[];
  onChange: (patterns: Pattern[]) => void;
}

export function Patterns({ place, name, patterns, onChange }: Properties) {
  const texts = useTexts(TEXTS);
  const list = useRef<HTMLOListElement>(null);
  const set = (at: number, part: Partial<Pattern>) => onChange(patterns.map((pattern, each) => (each === at ? { ...pattern, ...part } : pattern)));
  const add = () => {
    onChange([...patterns, { text: '', matching: 'word' }]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus());
  };
  return (
    <fieldset className="group" data-field={`[${place}].patterns`} tabIndex={-1}>
      <legend>{texts.title}</legend>
      <small className="quiet">{patterns.length ? texts.hint : texts.none}</small>
      <ol className="patterns" ref={list}>
        {patterns.map((pattern, at) => (
          <li key={at}>
            <Field path={`[${place}].patterns[${at}].text`} label={`${texts.text} ${at + 1}, ${name}`} isBare>
              {(control) => <input {...control} value={pattern.text} onChange={(event) => set(at, { text: event.target.value })} />}
            </Field>
            <select
              aria-label={`${texts.kind}: ${pattern.text || at + 1}`} value={pattern.matching}
              onChange={(event) => set(at, { matching: event.target.value === 'word' ? 'word' : 'anywhere' })}
            >
              {(['word', 'anywhere'] as const).map((kind) => <option key={kind} value={kind}>{texts.kinds[kind]}</option>)}
            </select>
            <OrderButtons
              list={`patterns-${place}`} place={at} count={patterns.length} name={`${texts.text} ${pattern.text || at + 1}`}
              onMove={(to) => onChange(moved(patterns, at, to))}
            />
            <button
              type="button" className="danger" aria-label={`${texts.remove}: ${pattern.text || at + 1}`} title={texts.remove}
              onClick={() => onChange(patterns.filter((_, each) => each !== at))}
            >✕</button>
          </li>
        ))}
      </ol>
      <div><button type="button" onClick={add}>{texts.add}</button></div>
    </fieldset>
  );
}
