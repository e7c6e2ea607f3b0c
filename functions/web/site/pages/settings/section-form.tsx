import type { ReactNode } from 'react';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import type { Draft } from './draft';
import { Problems } from './field';
import type { Section, Values } from './section';

interface Properties<S extends Section> {
  draft: Draft<S>;
  /** How tall the form is, about. */
  height: number;
  children: (value: Values[S], change: (part: Partial<Values[S]>) => void) => ReactNode;
}

/** The form of a section once it is there; its fields show what is wrong with them. */
export function SectionForm<S extends Section>({ draft, height, children }: Properties<S>) {
  const { value, error, again, change, problems } = draft;
  if (error) return <Failed error={error} again={again} />;
  if (value === null) return <Waiting lines={8} height={height} />;
  return <Problems value={problems}>{children(value, (part) => change({ ...value, ...part }))}</Problems>;
}
