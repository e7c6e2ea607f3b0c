interface Properties<T extends string> {
  label: string;
  value: T;
  choices: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function Choice<T extends string>({ label, value, choices, onChange }: Properties<T>) {
  return (
    <div className="choice" role="group" aria-label={label}>
      {choices.map(([choice, title]) => (
        <button key={choice} type="button" aria-pressed={choice === value} onClick={() => onChange(choice)}>
          {title}
        </button>
      ))}
    </div>
  );
}
