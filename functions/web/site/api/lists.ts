// Lists that come page by page: how the next page is asked for, and how often what is looked at is asked for anew.

/** A new row is there within ten seconds. */
export const EVERY = 5_000;

/** For `api.useInfiniteQuery`: the API names the next page by a cursor, and none on the last. */
export const BY_CURSOR: {
  initialPageParam: string | null;
  getNextPageParam: (page: { next_cursor?: string }) => string | undefined;
} = { initialPageParam: null, getNextPageParam: (page) => page.next_cursor };
