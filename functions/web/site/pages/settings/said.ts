// A piece of a section in a line: of what another piece holds too only that in which they differ is said.

import { isSame } from './section';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(plain).join(', ');
  if (isRecord(value)) return Object.values(value).map(plain).filter(Boolean).join(' ');
  return String(value);
}

export function said(value: unknown, other: unknown): string {
  if (Array.isArray(value) && Array.isArray(other) && value.some(isRecord)) {
    // Long lists of rules differ in a few places.
    const own = value.filter((entry) => !other.some((known) => isSame(known, entry)));
    return plain(own.length > 0 || value.length < other.length ? own : value);
  }
  if (!isRecord(value)) return plain(value);
  return Object.entries(value)
    .filter(([name, part]) => !isRecord(other) || !isSame(part, other[name]))
    .map(([name, part]) => `${name}: ${(isRecord(other) ? said(part, other[name]) : plain(part)) || '—'}`)
    .join('; ');
}
