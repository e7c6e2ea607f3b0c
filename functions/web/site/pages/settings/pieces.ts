// A section in pieces that two people can change side by side: each team, each text, each account. Of a piece that both
// have changed one is chosen; all others are taken from whoever changed them.

import { isSame, type Section, type Values } from './section';

/** Pieces by a name that is the same in every version. */
export type Pieces = Map<string, unknown>;

/** The order of teams decides, so it is a piece of its own. */
export const ORDER = 'order';

export function split<S extends Section>(section: S, value: Values[S]): Pieces {
  if (section === 'teams') {
    const teams = value as Values['teams'];
    return new Map<string, unknown>([
      [ORDER, teams.map(({ id }) => id)],
      ...teams.map((team) => [team.id, team] as const),
    ]);
  }
  if (section === 'products') {
    const { products, stages, utm_fields } = value as Values['products'];
    return new Map<string, unknown>([
      ...products.map((rule) => [rule.product, rule] as const), ['stages', stages], ['utm_fields', utm_fields],
    ]);
  }
  return new Map(Object.entries(value));
}

export function join<S extends Section>(section: S, pieces: Pieces): Values[S] {
  if (section === 'teams') {
    const ids = pieces.get(ORDER) as string[];
    const others = [...pieces.keys()].filter((id) => id !== ORDER && !ids.includes(id));
    return [...ids, ...others].flatMap((id) => pieces.get(id) ?? []) as Values[S];
  }
  if (section === 'products') {
    const products = ['express', 'flagship'].flatMap((product) => pieces.get(product) ?? []);
    return { products, stages: pieces.get('stages'), utm_fields: pieces.get('utm_fields') } as Values[S];
  }
  return Object.fromEntries([...pieces].filter(([, piece]) => piece !== undefined)) as Values[S];
}

export interface Difference {
  name: string;
  theirs: unknown;
  mine: unknown;
  /** Who has changed it since the version that both began with. */
  by: 'them' | 'me' | 'both';
}

/** Every piece that the other person and I do not hold alike. */
export function differences(base: Pieces, theirs: Pieces, mine: Pieces): Difference[] {
  const names = new Set([...theirs.keys(), ...mine.keys()]);
  return [...names].flatMap((name) => {
    const [was, their, my] = [base.get(name), theirs.get(name), mine.get(name)];
    if (isSame(their, my)) return [];
    const by = isSame(was, my) ? 'them' : isSame(was, their) ? 'me' : 'both';
    return [{ name, theirs: their, mine: my, by }];
  });
}

export type Pick = 'theirs' | 'mine';

/** What is held after a choice for each difference. */
export function merged(theirs: Pieces, mine: Pieces, picks: ReadonlyMap<string, Pick>): Pieces {
  const names = new Set([...theirs.keys(), ...mine.keys()]);
  return new Map([...names].map((name) => [name, (picks.get(name) === 'mine' ? mine : theirs).get(name)]));
}
