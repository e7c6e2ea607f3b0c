// Filters of a page: each is a parameter of the address, so that a link opens the same rows.

import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** The filter's value, or nothing; setting nothing takes it out of the address. */
export function useFilter(name: string): [string, (value: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  const set = useCallback(
    (value: string) =>
      setParameters((before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      }, { replace: true }),
    [name, setParameters],
  );
  return [parameters.get(name) ?? '', set];
}

/** The same where only some values are known: any other counts as none. */
export function useChoiceFilter<T extends string>(name: string, known: readonly T[]): [T | '', (value: T | '') => void] {
  const [value, set] = useFilter(name);
  return [known.find((choice) => choice === value) ?? '', set];
}
