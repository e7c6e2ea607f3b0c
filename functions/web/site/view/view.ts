// What of the figures is looked at: period, comparison and date basis. It stands in the address, so that a link opens the same.

import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import {
  COMPARISONS, MOST_DAYS, PRESETS, comparedWith, isDay, length, ofPreset, stepped, today,
  type Comparison, type Days, type Preset,
} from './days';

export type Basis = 'sale_date' | 'lead_date';

export interface View {
  /** Nothing where the days were chosen one by one. */
  preset: Preset | null;
  days: Days;
  comparison: Comparison;
  /** The days that are compared with. */
  before: Days | null;
  basis: Basis;
}

const DEFAULT: Preset = '30d';

function oneOf<T extends string>(words: readonly T[], text: string | null): T | null {
  return words.find((word) => word === text) ?? null;
}

function custom(from: string | null, to: string | null): Days | null {
  return isDay(from) && isDay(to) && from <= to && length({ from, to }) <= MOST_DAYS ? { from, to } : null;
}

export function read(parameters: URLSearchParams, now: string): View {
  const chosen = custom(parameters.get('from'), parameters.get('to'));
  const preset = chosen ? null : (oneOf(PRESETS, parameters.get('period')) ?? DEFAULT);
  const days = chosen ?? ofPreset(preset ?? DEFAULT, now);
  const comparison = oneOf(COMPARISONS, parameters.get('compare')) ?? 'previous';
  return {
    preset, days, comparison,
    before: comparedWith(days, comparison),
    basis: parameters.get('basis') === 'lead_date' ? 'lead_date' : 'sale_date',
  };
}

/** The parameters that a change comes to; those of other things in the address stay. */
type Change = Partial<Record<'period' | 'from' | 'to' | 'compare' | 'basis', string | null>>;

export function useView() {
  const [parameters, setParameters] = useSearchParams();
  const now = today();
  const view = useMemo(() => read(parameters, now), [parameters, now]);
  const change = useCallback(
    (changes: Change) =>
      setParameters((before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) after.delete(name);
          else after.set(name, value);
        }
        return after;
      }),
    [setParameters],
  );
  const choose = useCallback((days: Days) => change({ period: null, ...days }), [change]);
  return useMemo(
    () => ({
      ...view,
      setPreset: (preset: Preset) => change({ period: preset === DEFAULT ? null : preset, from: null, to: null }),
      setDays: choose,
      setComparison: (comparison: Comparison) => change({ compare: comparison === 'previous' ? null : comparison }),
      setBasis: (basis: Basis) => change({ basis: basis === 'sale_date' ? null : basis }),
      step: (steps: 1 | -1) => {
        const days = stepped(view.days, steps, now);
        if (days) choose(days);
      },
      canStepOn: stepped(view.days, 1, now) !== null,
    }),
    [view, change, choose, now],
  );
}

/** The view's part of an address, for links to other pages of the same days. */
export function useViewSearch(): string {
  const [parameters] = useSearchParams();
  const kept = new URLSearchParams();
  for (const name of ['period', 'from', 'to', 'compare', 'basis']) {
    const value = parameters.get(name);
    if (value !== null) kept.set(name, value);
  }
  const text = kept.toString();
  return text ? `?${text}` : '';
}
