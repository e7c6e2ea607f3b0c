// What somebody is changing of a section: kept until it is saved, compared with what is saved, and merged with what
// somebody else has saved meanwhile.

import { useCallback, useMemo, useState } from 'react';
import { api, client, Failure, queries, type Schemas } from '~/api/client';
import { at, isSame, type Held, type Section, type Values } from './section';

type Problem = Schemas['ErrorDetail'];

export interface Draft<S extends Section> {
  section: S;
  /** What was read; nothing while it is not. */
  held: Held<S> | null;
  error: unknown;
  again: () => void;
  value: Values[S] | null;
  change(value: Values[S]): void;
  isChanged: boolean;
  discard: () => void;
  save: () => Promise<boolean>;
  isSaving: boolean;
  /** Whether what stands there was saved from here. */
  isSaved: boolean;
  /** What the last save failed by, other than fields that have to change and another's change. */
  failed: unknown;
  /** The fields that have to change and are as they were refused. */
  problems: Problem[];
  /** What another has saved since this was read. */
  theirs: Held<S> | null;
  /** Goes on from what the other has saved, with a value that joins both. */
  settle(value: Values[S]): void;
}

interface Refused<V> {
  value: V;
  problems: Problem[];
}

function heldOf<S extends Section>(answer: Schemas['SettingsAnswer']): Held<S> {
  return { version: answer.version, value: answer.value as unknown as Values[S] };
}

const queryOf = (section: Section) => api.queryOptions('get', '/api/admin/settings/{section}', { params: { path: { section } } });

export function useDraft<S extends Section>(section: S): Draft<S> {
  const { data, error, refetch } = api.useQuery(
    'get', '/api/admin/settings/{section}', { params: { path: { section } } },
    // What is being changed must not change under the hands of who types; a conflict is said when it is saved.
    { staleTime: 0, refetchOnWindowFocus: false },
  );
  const [base, setBase] = useState<Held<S> | null>(null);
  const [value, setValue] = useState<Values[S] | null>(null);
  const [refused, setRefused] = useState<Refused<Values[S]> | null>(null);
  const [theirs, setTheirs] = useState<Held<S> | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [isSaving, setSaving] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const read = useMemo(() => (data ? heldOf<S>(data) : null), [data]);
  const held = base ?? read;
  const current = value ?? held?.value ?? null;
  const isChanged = value !== null && held !== null && !isSame(value, held.value);

  const change = useCallback((next: Values[S]) => {
    // Whoever begins to change something changes the version that is in sight.
    setBase((before) => before ?? read);
    setValue(next);
    setSaved(false);
  }, [read]);

  const start = (from: Held<S> | null, next: Values[S] | null) => {
    setBase(from);
    setValue(next);
    setRefused(null);
    setTheirs(null);
    setFailed(null);
  };

  const save = async () => {
    if (!held || current === null) return false;
    setSaving(true);
    setFailed(null);
    setRefused(null);
    try {
      const body = { version: held.version, value: current as unknown as Schemas['SettingsValue'] };
      const { data: saved } = await client.PUT('/api/admin/settings/{section}', { params: { path: { section } }, body });
      if (!saved) return false;
      queries.setQueryData(queryOf(section).queryKey, { ...data, ...saved });
      start(null, null);
      setSaved(true);
      void queries.invalidateQueries();
      return true;
    } catch (reason) {
      if (reason instanceof Failure && reason.status === 409) {
        await newest<S>(section).then(setTheirs, setFailed);
        // Who it was stands in the audit.
        void queries.invalidateQueries({ queryKey: ['get', '/api/admin/audit'] });
      } else if (reason instanceof Failure && reason.status === 400) {
        setRefused({ value: current, problems: reason.said.details ?? [] });
      } else {
        setFailed(reason);
      }
      return false;
    } finally {
      setSaving(false);
    }
  };

  const problems = (refused?.problems ?? []).filter(({ field }) => isSame(at(refused?.value, field), at(current, field)));
  return {
    section, held, error: held ? null : error, again: () => void refetch(), value: current, change, isChanged, isSaving, isSaved, failed,
    problems, theirs, save,
    discard: () => { start(null, null); void refetch(); },
    settle: (joined) => start(theirs, joined),
  };
}

async function newest<S extends Section>(section: S): Promise<Held<S> | null> {
  const { data } = await client.GET('/api/admin/settings/{section}', { params: { path: { section } } });
  return data ? heldOf<S>(data) : null;
}
