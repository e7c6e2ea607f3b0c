import { useRef, type ReactNode } from 'react';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { Field } from './field';

/** What a text may name, with an example of each. */
const EXAMPLES = {
  emoji: '🚀', team: 'Muha', product: 'Экспресс-курс', amount: '5 000 ₸', name: 'Айгерим', lead_name: 'Айгерим, Express',
  sold_at: '20.11.2026 15:40', deal_id: '21844773', sale_id: '29600001-21844773-express', payment_method: 'Kaspi',
  source_campaign: 'express', received_at: '20.11.2026 15:38', utm_campaign: 'onai_2', utm_source: 'facebook',
  utm_content: 'video_3', utm_term: 'almaty_25', utm_medium: 'cpc',
} as const;

export type Variable = keyof typeof EXAMPLES;

const UTM = ['utm_campaign', 'utm_source', 'utm_content', 'utm_term', 'utm_medium'] as const;

export const VARIABLES: { sale: readonly Variable[]; lead: readonly Variable[] } = {
  sale: ['emoji', 'team', 'product', 'amount', 'name', 'lead_name', 'sold_at', 'deal_id', 'sale_id', ...UTM],
  lead: ['name', 'product', 'amount', 'payment_method', 'source_campaign', 'received_at', ...UTM],
};

const TEXTS: Texts<{ insert: string; example: string; count: string }> = {
  ru: { insert: 'Вставить', example: 'Как это будет выглядеть', count: 'знаков' },
  en: { insert: 'Insert', example: 'What it will look like', count: 'characters' },
};

interface Properties {
  path: string;
  label: string;
  hint?: ReactNode;
  variables: readonly Variable[];
  value: string;
  onChange: (value: string) => void;
  lines?: number;
}

/** A text with variables: they are put in where the cursor stands, and shown with examples in their place. */
export function MessageField({ path, label, hint, variables, value, onChange, lines = 6 }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const input = useRef<HTMLTextAreaElement>(null);
  const insert = (variable: Variable) => {
    const box = input.current;
    const [from, to] = [box?.selectionStart ?? value.length, box?.selectionEnd ?? value.length];
    onChange(`${value.slice(0, from)}{${variable}}${value.slice(to)}`);
    box?.focus();
  };
  const count = `${formats.number([...value].length)} ${texts.count}`;
  return (
    <>
      <Field path={path} label={label} hint={<>{hint} {count}</>}>
        {(control) => <textarea {...control} ref={input} rows={lines} value={value} onChange={(event) => onChange(event.target.value)} />}
      </Field>
      {variables.length > 0 && (
        <>
          <div className="row variables" role="group" aria-label={texts.insert}>
            {variables.map((variable) => (
              <button key={variable} type="button" title={`${texts.insert}: ${EXAMPLES[variable]}`} onClick={() => insert(variable)}>{`{${variable}}`}</button>
            ))}
          </div>
          <details>
            <summary>{texts.example}</summary>
            <p className="example">{withExamples(value, variables)}</p>
          </details>
        </>
      )}
    </>
  );
}

function withExamples(text: string, variables: readonly Variable[]): string {
  return text.replace(/\{(\w+)\}/g, (written, name: string) => {
    const variable = variables.find((known) => known === name);
    return variable ? EXAMPLES[variable] : written;
  });
}
