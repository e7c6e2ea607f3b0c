// The sales that no team earned. The API lists sales of all teams together, so they are sought among all of the period.

import { useQuery } from '@tanstack/react-query';
import { client, Failure, type Schemas } from '~/api/client';
import type { Days } from '~/view/days';

const PAGE = 500;
/** So many pages are read at most; beyond, what was found is said to be of the newest. */
const MOST_PAGES = 12;

export interface NobodysSales {
  sales: Schemas['Sale'][];
  /** Whether older sales were not looked at. */
  isCut: boolean;
}

/** `stamp` is what the funnel says of them: where that changed they are sought again. */
export function useNobodysSales(days: Days, stamp: string) {
  return useQuery({
    queryKey: ['sales of nobody', days, stamp],
    queryFn: ({ signal }) => read(days, signal),
    staleTime: 60_000,
    placeholderData: (before, of) => (JSON.stringify(of?.queryKey[1]) === JSON.stringify(days) ? before : undefined),
  });
}

async function read({ from, to }: Days, signal: AbortSignal): Promise<NobodysSales> {
  const sales: Schemas['Sale'][] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { from, to, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const { data } = await client.GET('/api/traffic-dashboard/sales', { params: { query }, signal, parseAs: 'json' });
    if (!data || typeof data === 'string') throw new Failure(0, {});
    sales.push(...data.items.filter(({ team, state, product }) => team === null && state === 'active' && product !== 'other'));
    cursor = data.next_cursor;
    if (cursor === undefined) return { sales, isCut: false };
  }
  return { sales, isCut: true };
}
