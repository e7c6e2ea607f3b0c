// The figures day by day. Each source is asked for by itself, so that one which fails takes no other with it.

import { useQuery } from '@tanstack/react-query';
import { client, Failure, type Schemas } from '~/api/client';
import type { Asked } from '~/api/figures';
import { insights } from '~/api/insights';
import { each, plus, today, type Days } from '~/view/days';

/** Facebook may change a day's figures for so many days. */
const OPEN_DAYS = 28;

export interface SpendByDay {
  values: number[];
  /** Days whose spend Facebook may still change. */
  open: ReadonlySet<string>;
  /** Days that were not pulled for every ad account: there was more than is known. */
  missing: ReadonlySet<string>;
  unmatched: Schemas['Unmatched'];
}

export interface SalesByDay {
  express: number[];
  flagship: number[];
  revenue: number[];
}

interface Question extends Asked {
  /** Nothing is asked before the headline stands. */
  enabled: boolean;
  /** What the headline says: where it changed, the days are asked for again. */
  stamp: string;
}

export function useByDay({ days, team, basis, enabled, stamp }: Question) {
  const period = { from: days.from, to: days.to, ...(team ? { team } : {}) };
  // While the days of a new stamp are on their way, those of the same question stay.
  const common = (source: string) => ({
    queryKey: ['by day', source, period, basis, stamp],
    enabled,
    staleTime: 60_000,
    placeholderData: <T>(before: T | undefined, of: { queryKey: readonly unknown[] } | undefined) =>
      JSON.stringify(of?.queryKey.slice(2, 4)) === JSON.stringify([period, basis]) ? before : undefined,
  });
  const spend = useQuery({
    ...common('spend'),
    queryFn: async ({ signal }) => spendByDay(days, await insights({ ...period, level: 'account', granularity: 'day' }, signal)),
  });
  const leads = useQuery({
    ...common('leads'),
    queryFn: async ({ signal }) => {
      const { data } = await client.GET('/api/traffic-dashboard/leads/total', { params: { query: period }, signal });
      return values(days, new Map(known(data).by_day.map(({ day, proftest }) => [day, proftest])));
    },
  });
  const sales = useQuery({
    ...common('sales'),
    queryFn: async ({ signal }) => {
      const of = async (funnel: 'express' | 'flagship') => {
        const { data } = await client.GET('/api/traffic-dashboard/sales/total', { params: { query: { ...period, basis, funnel } }, signal });
        return known(data).by_day;
      };
      return salesByDay(days, ...(await Promise.all([of('express'), of('flagship')])));
    },
  });
  return { spend, leads, sales };
}

export type ByDay = ReturnType<typeof useByDay>;

function known<T>(data: T | undefined): T {
  if (data === undefined) throw new Failure(0, {});
  return data;
}

function values(days: Days, of: ReadonlyMap<string, number>): number[] {
  return each(days).map((day) => of.get(day) ?? 0);
}

function spendByDay(days: Days, { rows, missing_days, unmatched }: Schemas['InsightsAnswer']): SpendByDay {
  const spent = new Map<string, number>();
  const youngest = plus(today(), 1 - OPEN_DAYS);
  const open = new Set(each(days).filter((day) => day >= youngest));
  for (const { day, spend_kzt, settled } of rows) {
    if (day === undefined) continue;
    spent.set(day, (spent.get(day) ?? 0) + (spend_kzt ?? 0));
    if (!settled) open.add(day);
  }
  return { values: values(days, spent), open, missing: new Set(missing_days.flatMap(each)), unmatched };
}

function salesByDay(days: Days, express: Schemas['SalesOfDay'][], flagship: Schemas['SalesOfDay'][]): SalesByDay {
  const count = (of: Schemas['SalesOfDay'][]) => values(days, new Map(of.map((one) => [one.day, one.count])));
  const revenue = (of: Schemas['SalesOfDay'][]) => values(days, new Map(of.map((one) => [one.day, one.revenue.amount])));
  const ofFlagship = revenue(flagship);
  return {
    express: count(express),
    flagship: count(flagship),
    revenue: revenue(express).map((amount, index) => amount + (ofFlagship[index] ?? 0)),
  };
}
