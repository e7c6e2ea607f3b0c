// A table that sorts by its columns and scrolls within itself on a narrow screen.

import { useState, type ReactNode } from 'react';

export interface Column<R> {
  id: string;
  title: string;
  /** More words about the column, for those who stop at its title. */
  hint?: string;
  cell: (row: R) => ReactNode;
  /** What rows are sorted by; without it the column does not sort. What is not known comes last either way. */
  by?: (row: R) => number | string | null | undefined;
  isNumber?: boolean;
}

interface Properties<R> {
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  /** The columns' totals, under all rows. */
  foot?: R | undefined;
  classOf?: (row: R) => string;
  /** The first order: a column and whether from the largest on. Without it rows stand as they came. */
  sortedBy?: readonly [string, 'up' | 'down'];
}

export function Table<R>({ caption, columns, rows, keyOf, foot, classOf, sortedBy }: Properties<R>) {
  const [order, setOrder] = useState(sortedBy ?? null);
  const by = columns.find((column) => column.id === order?.[0])?.by;
  const sorted = by && order ? [...rows].sort((a, b) => compared(by(a), by(b), order[1])) : rows;
  const turn = (column: Column<R>) => {
    const first = column.isNumber ? 'down' : 'up';
    const other = first === 'down' ? 'up' : 'down';
    setOrder([column.id, order?.[0] === column.id && order[1] === first ? other : first]);
  };
  const said = (column: Column<R>) =>
    order?.[0] !== column.id ? undefined : order[1] === 'up' ? ('ascending' as const) : ('descending' as const);
  const classes = (column: Column<R>) => (column.isNumber ? 'number' : undefined);
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={classes(column)} aria-sort={said(column)} title={column.hint}>
                {column.by
                  ? <button type="button" className="sort" onClick={() => turn(column)}>{column.title}</button>
                  : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={keyOf(row)} className={classOf?.(row) || undefined}>
              {columns.map((column) => <td key={column.id} className={classes(column)}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
        {foot !== undefined && (
          <tfoot>
            <tr>{columns.map((column) => <td key={column.id} className={classes(column)}>{column.cell(foot)}</td>)}</tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

type Key = number | string | null | undefined;

function compared(a: Key, b: Key, direction: 'up' | 'down'): number {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  const rising = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return direction === 'up' ? rising : -rising;
}
