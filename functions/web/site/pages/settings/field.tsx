// A field of a form with its label, a hint, and what the API says is wrong with it.

import { createContext, useContext, useId, type ReactNode } from 'react';
import type { Schemas } from '~/api/client';
import { useLanguage } from '~/view/language';
import { inWords } from './problems';

/** What has to change, of the form that a field stands in. */
export const Problems = createContext<readonly Schemas['ErrorDetail'][]>([]);

interface Control {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'data-field': string;
}

interface Properties {
  /** Where it stands in the value, as the API names it. */
  path: string;
  /** Whose problems are said here too: the whole that it is a part of, or parts that have no field of their own. */
  more?: (field: string) => boolean;
  label: ReactNode;
  hint?: ReactNode;
  className?: string;
  /** Whether the label is only for who cannot see where the field stands. */
  isBare?: boolean;
  children: (control: Control) => ReactNode;
}

export function Field({ path, more, label, hint, className = '', isBare = false, children }: Properties) {
  const id = useId();
  const language = useLanguage();
  const wrong = useContext(Problems).filter(({ field }) => field === path || more?.(field));
  const [hintId, wrongId] = [`${id}-hint`, `${id}-wrong`];
  const described = [hint ? hintId : '', wrong.length ? wrongId : ''].filter(Boolean).join(' ');
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id} className={isBare ? 'unseen' : undefined}>{label}</label>
      {children({
        id, 'aria-describedby': described || undefined, 'aria-invalid': wrong.length ? true : undefined, 'data-field': path,
      })}
      {hint && <small id={hintId} className="quiet">{hint}</small>}
      {wrong.length > 0 && (
        <small id={wrongId} className="problem">✕ {wrong.map(({ problem }) => inWords(problem, language)).join('; ')}</small>
      )}
    </div>
  );
}

interface NumberProperties extends Omit<Properties, 'children'> {
  value: number;
  onChange: (value: number) => void;
  unit?: string;
  least?: number;
}

/** A whole number. An empty field is 0, which the API refuses where it makes no sense. */
export function NumberField({ value, onChange, unit, least = 0, ...field }: NumberProperties) {
  return (
    <Field {...field}>
      {(control) => (
        <span className="with-unit">
          <input
            {...control} type="number" inputMode="numeric" min={least} step={1} value={value || ''}
            onChange={(event) => onChange(Math.trunc(Number(event.target.value)) || 0)}
          />
          {unit && <span className="quiet">{unit}</span>}
        </span>
      )}
    </Field>
  );
}
