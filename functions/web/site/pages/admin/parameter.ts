// A filter or a choice that stands in the address, so that a link opens the same.

import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** A value that is none of the choices is none. */
export function useParameter<T extends string>(name: string, choices: readonly T[]): [T | null, (value: T | null) => void] {
  const [parameters, setParameters] = useSearchParams();
  const written = parameters.get(name);
  const set = useCallback(
    (value: T | null) =>
      setParameters((before) => {
        const after = new URLSearchParams(before);
        if (value === null) after.delete(name);
        else after.set(name, value);
        return after;
      }),
    [name, setParameters],
  );
  return [choices.find((choice) => choice === written) ?? null, set];
}
