// What ads cost and what came of it, all pages of an answer together.

import { client, Failure, type Schemas } from './client';

export interface InsightsQuestion {
  from: string;
  to: string;
  team?: string;
  level: Schemas['InsightsAnswer']['level'];
  granularity?: Schemas['InsightsAnswer']['granularity'];
}

const MOST_ROWS = 500;

/** One answer with the rows of every page. */
export async function insights(question: InsightsQuestion, signal: AbortSignal): Promise<Schemas['InsightsAnswer']> {
  const first = await page(question, signal);
  const rows = [...first.rows];
  for (let cursor = first.next_cursor; cursor !== undefined;) {
    const next = await page({ ...question, cursor }, signal);
    rows.push(...next.rows);
    cursor = next.next_cursor;
  }
  return { ...first, rows };
}

async function page(question: InsightsQuestion & { cursor?: string }, signal: AbortSignal) {
  const { data } = await client.GET('/api/facebook-ads/insights', { params: { query: { ...question, limit: MOST_ROWS } }, signal });
  if (!data) throw new Failure(0, {});
  return data;
}
