// What a person has set for this browser: language, theme, whether the side bar is folded. It outlives the session.

import { useCallback, useSyncExternalStore } from 'react';

const CHOICES = {
  language: ['ru', 'en'],
  theme: ['system', 'light', 'dark'],
  sidebar: ['open', 'folded'],
} as const;

type Name = keyof typeof CHOICES;
type Choice<N extends Name> = (typeof CHOICES)[N][number];

const listeners = new Set<() => void>();

function read<N extends Name>(name: N): Choice<N> {
  const choices: readonly Choice<N>[] = CHOICES[name];
  const kept = localStorage.getItem(name);
  return choices.find((choice) => choice === kept) ?? (choices[0] as Choice<N>);
}

function show() {
  const theme = read('theme');
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  document.documentElement.lang = read('language');
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

export function usePreference<N extends Name>(name: N): [Choice<N>, (choice: Choice<N>) => void] {
  const choice = useSyncExternalStore(subscribe, () => read(name));
  const set = useCallback(
    (wanted: Choice<N>) => {
      localStorage.setItem(name, wanted);
      show();
      for (const listener of listeners) listener();
    },
    [name],
  );
  return [choice, set];
}

addEventListener('storage', show);
show();
