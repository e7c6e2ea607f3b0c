interface Properties<T extends string> {
  label: string;
  /** What stands where nothing is chosen. */
  all: string;
  value: T | null;
  choices: readonly (readonly [T, string])[];
  onChange: (value: T | null) => void;
}

/** A filter: one of several, or all. */
export function OneOf<T extends string>({ label, all, value, choices, onChange }: Properties<T>) {
  return (
    <label>
      {label}
      <select value={value ?? ''} onChange={({ target }) => onChange(choices.find(([choice]) => choice === target.value)?.[0] ?? null)}>
        <option value="">{all}</option>
        {choices.map(([choice, title]) => <option key={choice} value={choice}>{title}</option>)}
      </select>
    </label>
  );
}
