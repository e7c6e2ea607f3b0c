import { useMemo } from 'react';
import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { figures, type Figures } from '~/api/figures';
import { Chart } from '~/parts/chart';
import type { ChartSpec } from '~/parts/chart-spec';
import { Table, type Column } from '~/parts/table';
import { TeamName } from '~/parts/team-name';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';
import { rowsOf } from './headline';

interface Words {
  title: string;
  team: string;
  nobody: string;
  total: string;
  spend: string;
  revenue: string;
  revenueOf: string;
  leads: string;
  flagship: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Команды', team: 'Команда', nobody: 'Без команды', total: 'Всего', spend: 'Расходы', revenue: 'Выручка',
    revenueOf: 'Выручка, цветом команды', leads: 'Заявки', flagship: 'Flagman',
  },
  en: {
    title: 'Teams', team: 'Team', nobody: 'Unattributed', total: 'Total', spend: 'Spend', revenue: 'Revenue',
    revenueOf: "Revenue, in the team's colour", leads: 'Leads', flagship: 'Flagship',
  },
};

type Row = Figures & { id: string; team: Schemas['TeamFunnel'] | null };

/** The teams side by side. With what belongs to nobody they make the total, to the tenge. */
export function Teams({ answer }: { answer: Schemas['FunnelAnswer'] }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const view = useViewSearch();
  const rows = useMemo(() => rowsFrom(answer), [answer]);
  const total: Row = { ...figures(answer), id: 'total', team: null };
  const name = ({ id, team }: Row) =>
    team
      ? <Link href={`/traffic/cabinet/${team.team}${view}`}><TeamName team={team} /></Link>
      : id === 'total' ? texts.total : <a href="#unattributed">{texts.nobody}</a>;
  const sales = (row: Row, funnel: string, text: string) =>
    row.id === 'nobody' ? text : <Link href={rowsOf(view, funnel, row.team?.team)}>{text}</Link>;
  const number = { isNumber: true } as const;
  const columns: Column<Row>[] = [
    { id: 'team', title: texts.team, cell: name, by: (row) => row.team?.title },
    { id: 'spend', title: texts.spend, cell: (row) => formats.tenge(row.spend_kzt), by: (row) => row.spend_kzt, ...number },
    { id: 'leads', title: texts.leads, cell: (row) => formats.number(row.leads), by: (row) => row.leads, ...number },
    { id: 'cpl', title: 'CPL', cell: (row) => formats.tenge(row.cpl === null ? null : Math.round(row.cpl)), by: (row) => row.cpl, ...number },
    { id: 'express', title: 'Express', cell: (row) => sales(row, 'express', formats.number(row.express_purchases)), by: (row) => row.express_purchases, ...number },
    { id: 'flagship', title: texts.flagship, cell: (row) => sales(row, 'flagship', formats.number(row.main_purchases)), by: (row) => row.main_purchases, ...number },
    { id: 'revenue', title: texts.revenue, cell: (row) => sales(row, '', formats.tenge(row.revenue_kzt)), by: (row) => row.revenue_kzt, ...number },
    { id: 'roas', title: 'ROAS', cell: (row) => formats.ratio(row.roas), by: (row) => row.roas, ...number },
    { id: 'roi', title: 'ROI', cell: (row) => formats.percent(row.roi), by: (row) => row.roi, ...number },
  ];
  const spec = useMemo<ChartSpec>(() => ({
    isLying: true,
    labels: rows.map(({ team }) => (team ? `${team.emoji} ${team.title}` : texts.nobody)),
    series: [
      {
        id: 'revenue', title: texts.revenueOf, kind: 'bar', color: '--quiet', values: rows.map((row) => row.revenue_kzt),
        colors: rows.map(({ team }) => team?.color ?? '--quiet'),
      },
      { id: 'spend', title: texts.spend, kind: 'bar', color: '--ink', isHollow: true, values: rows.map((row) => row.spend_kzt) },
    ],
    write: formats.tenge,
    short: formats.short,
  }), [rows, texts, formats]);
  return (
    <Chart
      title={texts.title} name="teams" first="table" spec={spec} height={`${rows.length * 3.4 + 2}rem`}
      table={<Table caption={texts.title} columns={columns} rows={rows} keyOf={(row) => row.id} foot={rows.length > 1 ? total : undefined} />}
    />
  );
}

function rowsFrom({ teams, unattributed }: Schemas['FunnelAnswer']): Row[] {
  const rows: Row[] = teams.map((team) => ({ ...figures(team), id: team.team, team }));
  return unattributed ? [...rows, { ...figures(unattributed), id: 'nobody', team: null }] : rows;
}
