// The file of the rows, by the same question as the table.

import { ask, download, Failure, type Schemas } from '~/api/client';
import { NOBODY, questionOf, type Asked } from './rows';

const PATH = '/api/traffic-dashboard/sales';

export async function downloadRows(asked: Asked) {
  const { days: { from, to }, funnel, team } = asked;
  const path = `${PATH}?${new URLSearchParams({ ...questionOf(asked), format: 'csv' }).toString()}`;
  const name = ['sales', funnel, team, from, to].filter(Boolean).join('-').concat('.csv');
  if (team !== NOBODY) return download(path, name);
  const response = await ask(new Request(new URL(path, location.origin)));
  if (!response.ok) throw new Failure(response.status, (await response.json()) as Schemas['Error']);
  const file = new Blob([nobodys(await response.text())], { type: 'text/csv' });
  const address = URL.createObjectURL(file);
  await download(address, name);
  URL.revokeObjectURL(address);
}

/** The lines with an empty team, and the header. Lines are kept as they are: only where they and their cells end is read. */
export function nobodys(file: string): string {
  const [header = '', ...lines] = records(file);
  const team = cells(header).indexOf('team');
  return [header, ...lines.filter((line) => cells(line)[team] === '')].join('');
}

// What stands between quotes may hold commas and line ends.
function records(file: string): string[] {
  return file.match(/(?:[^"\n]|"(?:[^"]|"")*")*\n|(?:[^"\n]|"(?:[^"]|"")*")+$/g) ?? [];
}

function cells(line: string): string[] {
  return (line.trimEnd().match(/(?:^|,)(?:"(?:[^"]|"")*"|[^,"]*)/g) ?? []).map((cell) => cell.replace(/^,/, ''));
}
