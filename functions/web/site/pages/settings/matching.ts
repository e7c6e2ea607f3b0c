// Whose a sale with typed UTM values would be by rules that are being edited, which the API cannot be asked for: it explains
// by the saved ones. The same rule as there: values in their order, teams in theirs, patterns before ids of ad accounts.

import { UTM_NAMES, type Pattern, type TeamRule, type UtmName } from './section';

export interface Match {
  team: TeamRule;
  field: UtmName;
  value: string;
  /** The pattern, or the ad account. */
  by: { pattern: Pattern } | { account: string };
}

export type UtmValues = Partial<Record<UtmName, string>>;

export function decide(values: UtmValues, teams: readonly TeamRule[]): Match | null {
  const given = UTM_NAMES.flatMap((field) => (values[field]?.trim() ? [{ field, value: values[field] }] : []));
  for (const { field, value } of given) {
    for (const team of teams) {
      const pattern = team.patterns.find((each) => matches(each, value));
      if (pattern) return { team, field, value, by: { pattern } };
    }
  }
  for (const { field, value } of given) {
    for (const account of value.match(/\d+/g) ?? []) {
      const team = teams.find(({ ad_accounts }) => ad_accounts.some((own) => own.replace(/^act_/, '') === account));
      if (team) return { team, field, value, by: { account } };
    }
  }
  return null;
}

export function normalized(text: string): string {
  return text.trim().toLowerCase().normalize('NFC');
}

export function matches({ text, matching }: Pattern, value: string): boolean {
  const [wanted, within] = [normalized(text), normalized(value)];
  if (wanted === '') return false;
  if (matching === 'anywhere') return within.includes(wanted);
  for (let start = within.indexOf(wanted); start >= 0; start = within.indexOf(wanted, start + 1)) {
    if (standsAlone(wanted, within.slice(0, start), within.slice(start + wanted.length))) return true;
  }
  return false;
}

function kind(character: string): 'letter' | 'digit' | 'other' {
  if (/\p{Alphabetic}/u.test(character)) return 'letter';
  return /\p{N}/u.test(character) ? 'digit' : 'other';
}

/** A word begins and ends where the kind of character changes; one that ends in `_` brings its end along. */
function standsAlone(text: string, before: string, after: string): boolean {
  const [inside, [next], previous] = [[...text], [...after], [...before].at(-1)];
  const changes = (one: string | undefined, other: string | undefined) => one === undefined || other === undefined || kind(one) !== kind(other);
  const isDelimited = changes(previous, inside[0]) && (text.endsWith('_') || changes(next, inside.at(-1)));
  const isPieceOfDate = /^[\d./-]+$/.test(text) && (/\d[-./]$/.test(before) || /^[-./]\d/.test(after));
  return isDelimited && !isPieceOfDate;
}
