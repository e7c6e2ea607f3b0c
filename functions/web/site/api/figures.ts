// The figures of a view, as more than one part of a page asks for them.

import { keepPreviousData } from '@tanstack/react-query';
import { api, type Schemas } from './client';
import type { Days } from '~/view/days';
import type { Basis } from '~/view/view';

/** So often a page that is looked at asks again, in milliseconds: a new sale is there within ten seconds. */
const EVERY = 5_000;

export interface Asked {
  days: Days;
  team?: string | undefined;
  basis: Basis;
}

/** The funnel. The figures of the last question stay until those of the next are there. */
export function useFunnel({ days, team, basis }: Asked) {
  const query = { from: days.from, to: days.to, basis, ...(team ? { team } : {}) };
  return api.useQuery('get', '/api/traffic-dashboard/funnel', { params: { query } }, {
    refetchInterval: EVERY,
    placeholderData: keepPreviousData,
  });
}

/** The same of the days that are compared with; they change little, so they are asked for once. */
export function useFunnelBefore({ days, team, basis }: Omit<Asked, 'days'> & { days: Days | null }) {
  const query = { from: days?.from ?? '', to: days?.to ?? '', basis, ...(team ? { team } : {}) };
  return api.useQuery('get', '/api/traffic-dashboard/funnel', { params: { query } }, {
    enabled: days !== null,
    staleTime: 60_000,
  });
}

type Metrics<I extends 0 | 1 | 2 | 3> = Omit<Schemas['Stages'][I]['metrics'], 'conversion_from_previous'>;

/** Everything that a funnel says, side by side. */
export type Figures = Metrics<0> & Metrics<1> & Metrics<2> & Metrics<3> & Schemas['FunnelTotals'];

export function figures(funnel: Pick<Schemas['Funnel'], 'stages' | 'totals'>): Figures {
  const [spend, proftest, express, flagship] = funnel.stages;
  return { ...spend.metrics, ...proftest.metrics, ...express.metrics, ...flagship.metrics, ...funnel.totals };
}
