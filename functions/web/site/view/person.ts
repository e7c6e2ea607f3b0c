// Who is signed in, and what they may see.

import { createContext, useContext } from 'react';
import type { Schemas } from '~/api/client';

export type Person = Schemas['User'];
export type Team = Schemas['Team'];

export const PersonContext = createContext<Person | null>(null);

export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (!person) throw new Error('only for pages of somebody who is signed in');
  return person;
}

export function useIsAdmin(): boolean {
  return usePerson().role === 'admin';
}

/** The team with this id, if it is one that the person sees. */
export function useTeam(id: string | null | undefined): Team | undefined {
  return usePerson().teams.find((team) => team.id === id);
}
