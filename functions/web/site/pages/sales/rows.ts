// The rows behind a number, and their sums: of a product, of a team, of what belongs to nobody.

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, client, type Schemas } from '~/api/client';
import { BY_CURSOR, EVERY } from '~/api/lists';
import type { Days } from '~/view/days';
import type { Product } from '~/view/product';

export type Sale = Schemas['Sale'];

/** In the address: what belongs to no team. The API has no such filter, so its rows are picked here. */
export const NOBODY = 'nobody';

export interface Asked {
  days: Days;
  funnel: Product | '';
  team: string;
}

/** What the API is asked by, the same for rows, sums and the file. */
export function questionOf({ days, funnel, team }: Asked) {
  return { ...days, ...(funnel ? { funnel } : {}), ...(team && team !== NOBODY ? { team } : {}) };
}

/** A page of rows. Of nobody's there are few among many, so more are looked through at once. */
const ROWS = 100;
const MOST_ROWS = 500;

export function useRows(asked: Asked) {
  const ofNobody = asked.team === NOBODY;
  const question = { ...questionOf(asked), limit: ofNobody ? MOST_ROWS : ROWS };
  return useInfiniteQuery({
    ...BY_CURSOR,
    queryKey: ['sales', question],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...question, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await client.GET('/api/traffic-dashboard/sales', { params: { query }, signal });
      // Text only where a file was asked for.
      return data as Schemas['SalesAnswer'];
    },
    placeholderData: keepPreviousData,
    // All pages are asked for again, so of many only when the sums say that something happened.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 2 ? 12 * EVERY : EVERY),
    select: ({ pages }) => pages.flatMap(({ items }) => items).filter(({ team }) => !ofNobody || team === null),
  });
}

export type Sums = Pick<Schemas['SalesTotalAnswer'], 'count' | 'revenue' | 'average' | 'cancelled'> & { at: string };

export function useSums(asked: Asked) {
  const ofNobody = asked.team === NOBODY;
  return api.useQuery('get', '/api/traffic-dashboard/sales/total', { params: { query: questionOf(asked) } }, {
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
    select: (answer): Sums | null => {
      const sums = ofNobody ? answer.by_team.find(({ team }) => team === null) : answer;
      return sums ? { ...sums, at: answer.generated_at } : null;
    },
  });
}

/** Brings rows to where the sums are, and all rows of nobody's, as few as they are. */
export function useRowsInStep(rows: ReturnType<typeof useRows>, sums: Sums | null | undefined, asked: Asked) {
  const { refetch, fetchNextPage, hasNextPage, isFetching, isFetchNextPageError } = rows;
  const stand = sums ? [sums.count, sums.revenue.amount, sums.cancelled.count, sums.cancelled.revenue.amount].join() : '';
  useEffect(() => {
    if (stand) void refetch({ cancelRefetch: false });
  }, [stand, refetch]);
  const known = rows.data?.length ?? 0;
  const isShort = asked.team === NOBODY && sums ? known < sums.count + sums.cancelled.count : false;
  useEffect(() => {
    if (isShort && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [isShort, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
}

/** What the search looks at: the deal's number, and its UTM values. */
export function searched(sale: Sale): string[] {
  return [String(sale.lead_id), ...Object.values(sale.utm), sale.trail.value ?? ''];
}

export function hasText(values: readonly string[], text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return values.some((value) => value.toLowerCase().includes(wanted));
}
