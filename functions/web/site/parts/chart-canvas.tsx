// Paints a chart on a canvas. In a file of its own, because it brings ECharts with it. No part of it makes HTML, which the
// content security policy would refuse.

import { BarChart, LineChart, type BarSeriesOption, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, TooltipComponent, type GridComponentOption, type TooltipComponentOption } from 'echarts/components';
import { init, use, type ComposeOption, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef, useState } from 'react';
import type { ChartSpec, Series } from './chart-spec';

use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

type OneSeries = BarSeriesOption | LineSeriesOption;
type Option = ComposeOption<OneSeries | GridComponentOption | TooltipComponentOption>;
/** A colour of the style as a canvas takes it. */
type Paint = (color: string) => string;

/** Beyond so many values the points of a line are left out. */
const MOST_POINTS = 31;

export default function ChartCanvas({ spec }: { spec: ChartSpec }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  const theme = useThemeChanges();
  useEffect(() => {
    if (!place.current) return;
    const painted = init(place.current);
    const observer = new ResizeObserver(() => painted.resize());
    observer.observe(place.current);
    chart.current = painted;
    return () => {
      observer.disconnect();
      painted.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    if (place.current) chart.current?.setOption(optionOf(spec, paintsOf(place.current)), { notMerge: true });
  }, [spec, theme]);
  return <div ref={place} className="canvas" />;
}

/** Counts how often the theme changed: by the page's switch, or with the system. */
function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const changed = () => setChanges((count) => count + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    const ofPage = new MutationObserver(changed);
    ofPage.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    system.addEventListener('change', changed);
    return () => {
      ofPage.disconnect();
      system.removeEventListener('change', changed);
    };
  }, []);
  return changes;
}

/** Colours of the style depend on the theme; only an element's own colour is told as one that a canvas knows. */
function paintsOf(element: HTMLElement): Paint {
  const known = new Map<string, string>();
  return (color) => {
    if (!color.startsWith('--')) return color;
    const kept = known.get(color);
    if (kept !== undefined) return kept;
    element.style.color = `var(${color})`;
    const read = getComputedStyle(element).color;
    element.style.color = '';
    known.set(color, read);
    return read;
  };
}

function optionOf(spec: ChartSpec, paint: Paint): Option {
  const text = { color: paint('--quiet'), fontFamily: 'system-ui, sans-serif', fontSize: 12 };
  const line = { lineStyle: { color: paint('--line') } };
  const names = {
    type: 'category' as const, data: [...spec.labels], axisLabel: { ...text, hideOverlap: true }, axisTick: { show: false }, axisLine: line,
    ...(spec.isLying ? { inverse: true, axisLabel: { ...text, color: paint('--ink'), fontSize: 13 } } : {}),
  };
  const amounts = {
    type: 'value' as const, axisLabel: { ...text, formatter: spec.short, hideOverlap: true }, splitLine: line, splitNumber: spec.isLying ? 3 : 4,
  };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 4, right: 16, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: spec.isLying ? amounts : names,
    yAxis: spec.isLying ? names : amounts,
    tooltip: {
      trigger: 'axis', renderMode: 'richText', confine: true, axisPointer: { type: 'shadow' },
      backgroundColor: paint('--surface'), borderColor: paint('--line'), borderWidth: 1,
      textStyle: { ...text, color: paint('--ink'), fontSize: 13, lineHeight: 19 },
      formatter: (at) => said(spec, (Array.isArray(at) ? at[0] : at)?.dataIndex ?? 0),
    },
    series: spec.series.map((one) => painted(one, spec, paint)),
  };
}

function said({ series, titles, labels, write }: ChartSpec, index: number): string {
  return [(titles ?? labels)[index] ?? '', ...series.map(({ title, values }) => `${title}: ${write(values[index] ?? null)}`)].join('\n');
}

function painted(series: Series, { labels }: ChartSpec, paint: Paint): OneSeries {
  const color = paint(series.color);
  const common = { id: series.id, name: series.title };
  if (series.kind === 'line') {
    return {
      ...common, type: 'line', data: [...series.values], color, z: 3, symbol: 'circle', symbolSize: 5,
      showSymbol: labels.length <= MOST_POINTS, lineStyle: { width: 2 },
    };
  }
  const hatch = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4, color: paint('--surface') };
  return {
    ...common, type: 'bar', color, barMaxWidth: 28, barGap: '15%',
    data: series.values.map((value, index) => {
      const own = series.colors?.[index];
      return {
        value: value ?? '-',
        itemStyle: {
          color: series.isHollow ? 'transparent' : own === undefined ? color : paint(own),
          ...(series.isHollow ? { borderColor: color, borderWidth: 1.5 } : {}),
          ...(series.hatched?.has(index) ? { decal: hatch } : {}),
        },
      };
    }),
  };
}
