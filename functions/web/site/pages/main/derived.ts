// What the headline says where the days are known: its lines by day, and its figures while the funnel itself is not to be had. Pure.

import type { ByDay } from './by-day';
import type { HeadlineFigures, HeadlineId } from './headline';

function sum(values: readonly number[] | undefined): number | null {
  return values ? values.reduce((total, value) => total + value, 0) : null;
}

function ratio(above: number | null, below: number | null): number | null {
  return above === null || !below ? null : above / below;
}

function profit(revenue: number | null, spend: number | null): number | null {
  return revenue === null || spend === null ? null : revenue - spend;
}

/** The days of each figure that has all it is made from. */
export function lines({ spend, leads, sales }: ByDay): Partial<Record<HeadlineId, readonly number[]>> {
  const spent = spend.data?.values;
  const revenue = sales.data?.revenue;
  const both = spent && revenue ? spent.map((cost, index) => [revenue[index] ?? 0, cost] as const) : null;
  return {
    ...(spent && { spend: spent }),
    ...(leads.data && { leads: leads.data }),
    ...(sales.data && { express: sales.data.express, flagship: sales.data.flagship, revenue: sales.data.revenue }),
    // A day without spend has no ratio; the line lies on the ground there.
    ...(both && {
      roas: both.map(([came, cost]) => ratio(came, cost) ?? 0),
      roi: both.map(([came, cost]) => ratio(came - cost, cost) ?? 0),
    }),
  };
}

/** The headline made from the days: what is missing is not known rather than 0. */
export function fromDays({ spend, leads, sales }: ByDay): HeadlineFigures {
  const spent = sum(spend.data?.values);
  const revenue = sum(sales.data?.revenue);
  return {
    spend_kzt: spent,
    leads: sum(leads.data),
    express_purchases: sum(sales.data?.express),
    main_purchases: sum(sales.data?.flagship),
    revenue_kzt: revenue,
    roas: ratio(revenue, spent),
    roi: ratio(profit(revenue, spent), spent),
  };
}
