// Who changed what last. The settings themselves do not say; the audit does, for its last 30 days.

import { api, type Schemas } from '~/api/client';

const ROWS = 200;

export type AuditRow = Schemas['AuditRow'];

export function useAudit(): readonly AuditRow[] {
  const { data } = api.useQuery('get', '/api/admin/audit', { params: { query: { limit: ROWS } } }, { staleTime: 30_000 });
  return data?.items ?? [];
}

/** The change that made a version of a section. */
export function changeOf(rows: readonly AuditRow[], section: string, version: number): AuditRow | undefined {
  return rows.find(({ action, subject, effect }) => action === 'settings_changed' && subject === section && effect === `version ${version}`);
}

export function nameOf({ who }: AuditRow): string {
  return who.email ?? who.id;
}
