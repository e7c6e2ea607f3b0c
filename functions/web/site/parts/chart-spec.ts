// What a chart shows, without a word about how it is painted.

export interface Series {
  id: string;
  title: string;
  kind: 'bar' | 'line';
  /** A variable of the style (`--accent`), or a colour. */
  color: string;
  /** A colour for each value, where they differ. */
  colors?: readonly string[];
  values: readonly (number | null)[];
  /** Bars that are only outlined. */
  isHollow?: boolean;
  /** Bars by their index that are hatched: they may still change. */
  hatched?: ReadonlySet<number>;
}

export interface ChartSpec {
  /** Along the axis. */
  labels: readonly string[];
  /** At the head of what is said where the pointer stands; the labels where there are none. */
  titles?: readonly string[];
  series: readonly Series[];
  write: (value: number | null) => string;
  short: (value: number) => string;
  /** Bars that lie, with the labels one under another. */
  isLying?: boolean;
}
