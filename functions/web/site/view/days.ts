// Calendar days of Almaty, as `YYYY-MM-DD`, and the periods that people choose of them. Pure.

export interface Days {
  from: string;
  to: string;
}

export const PRESETS = ['today', 'yesterday', '7d', '30d', '90d', 'month', 'last-month'] as const;
export type Preset = (typeof PRESETS)[number];

export const COMPARISONS = ['previous', 'weekdays', 'none'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** The API takes no more. */
export const MOST_DAYS = 400;
const WEEK = 7;

// 'sv' writes a date as YYYY-MM-DD.
const CALENDAR = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Almaty' });

export function today(now = Date.now()): string {
  return CALENDAR.format(now);
}

export function plus(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function length({ from, to }: Days): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}

export function isDay(text: string | null): text is string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && plus(text, 0) === text;
}

/** Every day, in order. */
export function each(days: Days): string[] {
  return Array.from({ length: length(days) }, (_, index) => plus(days.from, index));
}

function month(day: string, back: number): Days {
  const [year = 0, number = 0] = day.split('-').map(Number);
  const iso = (date: number) => new Date(date).toISOString().slice(0, 10);
  return { from: iso(Date.UTC(year, number - 1 - back, 1)), to: iso(Date.UTC(year, number - back, 0)) };
}

export function ofPreset(preset: Preset, now: string): Days {
  switch (preset) {
    case 'today':
      return { from: now, to: now };
    case 'yesterday':
      return { from: plus(now, -1), to: plus(now, -1) };
    case 'month':
      return { from: month(now, 0).from, to: now };
    case 'last-month':
      return month(now, 1);
    default:
      return { from: plus(now, 1 - Number.parseInt(preset, 10)), to: now };
  }
}

function isMonth({ from, to }: Days): boolean {
  const whole = month(from, 0);
  return whole.from === from && whole.to === to;
}

/** The period before or after: a month for a month, else as many days. None that begins after today. */
export function stepped(days: Days, steps: 1 | -1, now: string): Days | null {
  const moved = isMonth(days)
    ? month(days.from, -steps)
    : { from: plus(days.from, steps * length(days)), to: plus(days.to, steps * length(days)) };
  if (moved.from > now) return null;
  return moved;
}

/** What a period is compared with. */
export function comparedWith(days: Days, comparison: Comparison): Days | null {
  if (comparison === 'none') return null;
  if (comparison === 'previous' && isMonth(days)) return month(days.from, 1);
  const back = comparison === 'weekdays' ? Math.ceil(length(days) / WEEK) * WEEK : length(days);
  return { from: plus(days.from, -back), to: plus(days.to, -back) };
}
