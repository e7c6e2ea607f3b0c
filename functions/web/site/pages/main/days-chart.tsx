import { useMemo } from 'react';
import { Chart } from '~/parts/chart';
import type { ChartSpec } from '~/parts/chart-spec';
import { Failed } from '~/parts/failed';
import { Table, type Column } from '~/parts/table';
import { each, type Days } from '~/view/days';
import { useFormats } from '~/view/format';
import { plural, useLanguage, useTexts, type Texts } from '~/view/language';
import type { ByDay } from './by-day';

interface Words {
  title: string;
  day: string;
  spend: string;
  revenue: string;
  leads: string;
  express: string;
  flagship: string;
  facebook: string;
  open: string;
  openShort: string;
  settled: string;
  missing: string;
  missingShort: string;
  total: string;
  sales: string;
  dayWord: readonly [string, string, string];
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Выручка и расходы по дням', day: 'День', spend: 'Расходы', revenue: 'Выручка', leads: 'Заявки', express: 'Express',
    flagship: 'Flagman', facebook: 'Данные Facebook', open: 'Расходы ещё могут измениться: Facebook уточняет их 28 дней',
    openShort: 'могут измениться', settled: 'окончательные', missing: 'Расходы загружены не за все дни, не хватает:',
    missingShort: 'загружены не полностью', total: 'Всего', sales: 'Продажи', dayWord: ['дня', 'дней', 'дней'],
  },
  en: {
    title: 'Revenue and spend by day', day: 'Day', spend: 'Spend', revenue: 'Revenue', leads: 'Leads', express: 'Express',
    flagship: 'Flagship', facebook: 'Facebook data', open: 'Spend may still change: Facebook corrects it for 28 days',
    openShort: 'may change', settled: 'final', missing: 'Spend was not loaded for every day, missing:',
    missingShort: 'not loaded in full', total: 'Total', sales: 'Sales', dayWord: ['day', 'days', 'days'],
  },
};

interface Row {
  /** Nothing in the row of the totals. */
  day: string | null;
  spend: number | null;
  revenue: number | null;
  leads: number | null;
  express: number | null;
  flagship: number | null;
}

/** Of so few days a line says little. */
const FEW_DAYS = 3;

/** What came in and what went out, day by day. */
export function DaysChart({ days, byDay }: { days: Days; byDay: ByDay }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const language = useLanguage();
  const { spend, leads, sales } = byDay;
  const isThere = [spend, sales].every((source) => source.data || source.error);
  const spec = useMemo<ChartSpec | null>(() => {
    if (!isThere) return null;
    const all = each(days);
    const open = new Set(all.flatMap((day, index) => (spend.data?.open.has(day) ? [index] : [])));
    return {
      labels: all.map(formats.day),
      titles: all.map((day, index) => `${formats.weekday(day)}, ${formats.dayOfYear(day)}${open.has(index) ? ` · ${texts.openShort}` : ''}`),
      series: [
        ...(spend.data ? [{ id: 'spend', title: texts.spend, kind: 'bar' as const, color: '--accent', values: spend.data.values, hatched: open }] : []),
        ...(sales.data ? [{ id: 'revenue', title: texts.revenue, kind: all.length > FEW_DAYS ? 'line' as const : 'bar' as const, color: '--good', values: sales.data.revenue }] : []),
      ],
      write: formats.tenge,
      short: formats.short,
    };
  }, [isThere, days, spend.data, sales.data, formats, texts]);
  const rows: Row[] = each(days).map((day, index) => ({
    day,
    spend: spend.data?.values[index] ?? null,
    revenue: sales.data?.revenue[index] ?? null,
    leads: leads.data?.[index] ?? null,
    express: sales.data?.express[index] ?? null,
    flagship: sales.data?.flagship[index] ?? null,
  }));
  const number = { isNumber: true } as const;
  const standing = (day: string) =>
    spend.data?.missing.has(day) ? `? ${texts.missingShort}` : spend.data?.open.has(day) ? `≈ ${texts.openShort}` : `✓ ${texts.settled}`;
  const columns: Column<Row>[] = [
    { id: 'day', title: texts.day, cell: ({ day }) => (day ? `${formats.day(day)}, ${formats.weekday(day)}` : texts.total), by: (row) => row.day },
    { id: 'spend', title: texts.spend, cell: (row) => formats.tenge(row.spend), by: (row) => row.spend, ...number },
    { id: 'revenue', title: texts.revenue, cell: (row) => formats.tenge(row.revenue), by: (row) => row.revenue, ...number },
    { id: 'leads', title: texts.leads, cell: (row) => formats.number(row.leads), by: (row) => row.leads, ...number },
    { id: 'express', title: texts.express, cell: (row) => formats.number(row.express), by: (row) => row.express, ...number },
    { id: 'flagship', title: texts.flagship, cell: (row) => formats.number(row.flagship), by: (row) => row.flagship, ...number },
    { id: 'facebook', title: texts.facebook, cell: ({ day }) => <span className="quiet">{day && spend.data ? standing(day) : ''}</span> },
  ];
  const missing = each(days).filter((day) => spend.data?.missing.has(day)).length;
  const failed = [[texts.spend, spend], [texts.leads, leads], [texts.sales, sales]] as const;
  return (
    <Chart
      title={texts.title} name="days" spec={spec}
      table={<Table caption={texts.title} columns={columns} rows={rows} keyOf={(row) => row.day ?? ''} foot={summed(rows)} />}
      legend={<li><i className="swatch hatched" aria-hidden="true" />{texts.open}</li>}
    >
      {failed.map(([what, source]) =>
        source.error && <Failed key={what} what={what} error={source.error} again={() => void source.refetch()} />)}
      {missing > 0 && (
        <p className="notice">{texts.missing} {formats.number(missing)} {plural(language, missing, ...texts.dayWord)}.</p>
      )}
    </Chart>
  );
}

function summed(rows: readonly Row[]): Row {
  const of = (figure: (row: Row) => number | null) =>
    rows.every((row) => figure(row) === null) ? null : rows.reduce((sum, row) => sum + (figure(row) ?? 0), 0);
  return {
    day: null,
    spend: of((row) => row.spend),
    revenue: of((row) => row.revenue),
    leads: of((row) => row.leads),
    express: of((row) => row.express),
    flagship: of((row) => row.flagship),
  };
}
