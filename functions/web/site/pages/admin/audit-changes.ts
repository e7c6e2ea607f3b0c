// What differs between two values of the settings, place by place. Pure.

export interface Change {
  /** The names on the way to it. */
  path: string[];
  before: unknown;
  after: unknown;
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const IDS = ['id', 'text', 'product', 'account_id', 'stage_id', 'name'] as const;

/** What an entry of a list is known by, so that one that was added in front does not make all others look changed. */
function nameOf(entry: unknown): string | null {
  if (!isFields(entry)) return typeof entry === 'object' ? null : String(entry);
  const id = IDS.find((name) => typeof entry[name] === 'string' || typeof entry[name] === 'number');
  return id ? String(entry[id]) : null;
}

/** The parts of a value by their names; nothing where it has none. */
function partsOf(value: unknown): Map<string, unknown> | null {
  if (isFields(value)) return new Map(Object.entries(value));
  if (!Array.isArray(value)) return null;
  const names = value.map(nameOf);
  const isNamed = names.every((name) => name !== null) && new Set(names).size === names.length;
  return new Map(value.map((entry, place) => [(isNamed && names[place]) || `${place + 1}`, entry]));
}

export function changes(before: unknown, after: unknown, path: string[] = []): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [old, now] = [partsOf(before), partsOf(after)];
  const isNew = before === null || before === undefined;
  const isGone = after === null || after === undefined;
  if ((!old && !isNew) || (!now && !isGone) || (!old && !now)) return [{ path, before, after }];
  const names = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  const found = [...names].flatMap((name) => changes(old?.get(name), now?.get(name), [...path, name]));
  // Other only by its order: the whole says so.
  return found.length > 0 ? found : [{ path, before: order(old), after: order(now) }];
}

function order(parts: Map<string, unknown> | null): string {
  return [...(parts?.keys() ?? [])].join(', ');
}
