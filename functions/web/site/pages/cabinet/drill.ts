// How deep somebody looks into a team's ads: all campaigns, one campaign's ad sets, or one ad set's ads. It stands in the address.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { Schemas } from '~/api/client';
import { insights } from '~/api/insights';
import type { Days } from '~/view/days';

export type AdRow = Schemas['InsightRow'];
export type Level = 'campaign' | 'adset' | 'ad';

export interface Drill {
  level: Level;
  campaign: string | null;
  adset: string | null;
}

export function useDrill(): Drill & { to: (where: { campaign?: string; adset?: string }) => string } {
  const [parameters] = useSearchParams();
  const campaign = parameters.get('campaign');
  const adset = campaign === null ? null : parameters.get('adset');
  const level = adset !== null ? 'ad' : campaign !== null ? 'adset' : 'campaign';
  const to = (where: { campaign?: string; adset?: string }) => {
    const after = new URLSearchParams(parameters);
    // A search is for the rows of one list.
    for (const name of ['campaign', 'adset', 'q']) after.delete(name);
    for (const [name, value] of Object.entries(where)) after.set(name, value);
    return `?${after.toString()}`;
  };
  return { level, campaign, adset, to };
}

/** Facebook's figures come by the hour and joined sales by the minute; a list under somebody's eyes need not be newer. */
const EVERY = 30_000;

/** The team's rows of one level, of all that stands above them: the API does not choose by campaign. */
export function useAdRows({ days, team, level, enabled = true }: { days: Days; team: string; level: Level; enabled?: boolean }) {
  const question = { from: days.from, to: days.to, team, level };
  return useQuery({
    queryKey: ['ads', team, level, question],
    queryFn: ({ signal }) => insights(question, signal),
    enabled,
    refetchInterval: EVERY,
    placeholderData: keepPreviousData,
  });
}

export function idOf(row: AdRow, level: Level): string | null {
  return { campaign: row.campaign_id, adset: row.adset_id, ad: row.ad_id }[level] ?? null;
}

export function nameOf(row: AdRow, level: Level): string | null {
  return { campaign: row.campaign_name, adset: row.adset_name, ad: row.ad_name }[level] ?? null;
}

/** Whether a row stands under what is looked into. */
export function isUnder(row: AdRow, { campaign, adset }: Drill): boolean {
  return (campaign === null || row.campaign_id === campaign) && (adset === null || row.adset_id === adset);
}

export interface Sums {
  /** `null` where an amount among the rows has no rate. */
  spend_kzt: number | null;
  impressions: number;
  clicks: number;
  leads: number;
  sales: number;
  revenue_kzt: number;
}

export function summed(rows: readonly AdRow[]): Sums {
  const of = (figure: (row: AdRow) => number) => rows.reduce((sum, row) => sum + figure(row), 0);
  return {
    spend_kzt: rows.some((row) => row.spend_kzt === null) ? null : of((row) => row.spend_kzt ?? 0),
    impressions: of((row) => row.impressions),
    clicks: of((row) => row.clicks),
    leads: of((row) => row.leads),
    sales: of((row) => row.sales),
    revenue_kzt: of((row) => row.revenue_kzt),
  };
}

export function ratio(above: number | null, below: number | null): number | null {
  return above === null || !below ? null : above / below;
}
