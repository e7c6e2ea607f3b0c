// A chart with its legend, and the same numbers as a table. What paints it is loaded only when there is something to paint.

import './chart.css';

import { Component, lazy, Suspense, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { useTexts, type Texts } from '~/view/language';
import { Card } from './card';
import type { ChartSpec } from './chart-spec';
import { Choice } from './choice';
import { Waiting } from './waiting';

const ChartCanvas = lazy(() => import('./chart-canvas'));

interface Words {
  as: string;
  chart: string;
  table: string;
  sameInTable: string;
  notLoaded: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    as: 'Вид', chart: 'График', table: 'Таблица', sameInTable: 'Те же цифры есть в таблице.',
    notLoaded: 'График не загрузился. Вот те же цифры таблицей.',
  },
  en: {
    as: 'View', chart: 'Chart', table: 'Table', sameInTable: 'The table has the same numbers.',
    notLoaded: 'The chart did not load. Here are the same numbers as a table.',
  },
};

type Look = 'chart' | 'table';

interface Properties {
  title: string;
  /** The name in the address of whether this is a chart or a table. */
  name: string;
  /** What is shown where the address does not say. */
  first?: Look;
  /** Nothing while it is still loading. */
  spec: ChartSpec | null;
  table: ReactNode;
  /** Its height in place of the usual, such as `22rem`. */
  height?: string;
  /** What the signs in it mean beyond the names of its series. */
  legend?: ReactNode;
  children?: ReactNode;
}

export function Chart({ title, name, first = 'chart', spec, table, height, legend, children }: Properties) {
  const texts = useTexts(TEXTS);
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get(name);
  const look: Look = asked === 'chart' || asked === 'table' ? asked : first;
  const show = (wanted: Look) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      if (wanted === first) after.delete(name);
      else after.set(name, wanted);
      return after;
    }, { replace: true });
  const choices = [['chart', texts.chart], ['table', texts.table]] as const;
  const asTable = <div className="chart-table">{table}</div>;
  return (
    <Card title={title} aside={<Choice label={`${texts.as}: ${title}`} value={look} choices={choices} onChange={show} />}>
      {look === 'chart' && (
        <>
          <ul className="legend">
            {spec?.series.map(({ id, title: series, kind, isHollow, color }) => (
              <li key={id}>
                <i className={`swatch ${kind} ${isHollow ? 'hollow' : ''}`} style={{ color: written(color) }} aria-hidden="true" />
                {series}
              </li>
            ))}
            {legend}
          </ul>
          <Guard instead={<><p className="problem" role="alert">{texts.notLoaded}</p>{asTable}</>}>
            <div
              className="chart" style={height ? { height } : undefined} data-chart={name}
              {...(spec ? { role: 'img', 'aria-label': `${title}. ${texts.sameInTable}` } : {})}
            >
              {spec
                ? <Suspense fallback={<Waiting lines={6} />}><ChartCanvas spec={spec} /></Suspense>
                : <Waiting lines={6} />}
            </div>
          </Guard>
        </>
      )}
      {look === 'table' && (spec ? asTable : <Waiting lines={8} />)}
      {children}
    </Card>
  );
}

function written(color: string): string {
  return color.startsWith('--') ? `var(${color})` : color;
}

/** What paints charts is a file of its own, which a bad line may not bring. */
class Guard extends Component<{ instead: ReactNode; children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
