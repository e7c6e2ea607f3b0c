// The file of the rows, by the same question as the table. What the API has no filter for is picked here, line by line.

import { file, save } from '~/api/client';
import { hasText, NOBODY, questionOf, type Asked } from './rows';

const PATH = '/api/traffic-dashboard/sales';
/** The columns that the search of the table looks at. */
const SEARCHED = ['lead_id', 'utm_campaign', 'utm_source', 'utm_content', 'utm_term', 'utm_medium', 'trail_value'];

export async function downloadRows(asked: Asked, search: string) {
  const { days: { from, to }, funnel, team } = asked;
  const whole = await file(`${PATH}?${new URLSearchParams({ ...questionOf(asked), format: 'csv' }).toString()}`);
  const isShown = (row: ReadonlyMap<string, string>) =>
    (team !== NOBODY || row.get('team') === '') && (!search || hasText(SEARCHED.map((column) => row.get(column) ?? ''), search));
  const content = team === NOBODY || search ? new Blob([picked(await whole.text(), isShown)], { type: 'text/csv' }) : whole;
  save(content, ['sales', funnel, team, from, to].filter(Boolean).join('-').concat('.csv'));
}

/** The header and the lines that are wanted, each as it was written. */
function picked(content: string, isWanted: (row: ReadonlyMap<string, string>) => boolean): string {
  const [header = '', ...lines] = records(content);
  const columns = cells(header);
  const read = (line: string) => new Map(cells(line).map((cell, place) => [columns[place] ?? '', cell]));
  return [header, ...lines.filter((line) => isWanted(read(line)))].join('');
}

// What stands between quotes may hold commas and line ends.
function records(content: string): string[] {
  return content.match(/(?:[^"\n]|"(?:[^"]|"")*")*\n|(?:[^"\n]|"(?:[^"]|"")*")+$/g) ?? [];
}

function cells(line: string): string[] {
  const written = `,${line.trimEnd()}`.match(/,(?:"(?:[^"]|"")*"|[^,"]*)/g) ?? [];
  return written.map((cell) => cell.slice(1).replace(/^"([\s\S]*)"$/, '$1').replaceAll('""', '"'));
}
