/** How a figure went, day by day. The numbers themselves stand elsewhere, so it says nothing to a screen reader. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const width = 100;
  const height = 28;
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const across = (index: number) => (values.length < 2 ? 0 : (index / (values.length - 1)) * width);
  const up = (value: number) => (most === least ? height - 1 : 1 + (1 - (value - least) / (most - least)) * (height - 2));
  const points = values.map((value, index) => `${across(index).toFixed(1)},${up(value).toFixed(1)}`);
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {points.length > 1 && (
        <>
          <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} />
          <polyline points={points.join(' ')} />
        </>
      )}
    </svg>
  );
}
