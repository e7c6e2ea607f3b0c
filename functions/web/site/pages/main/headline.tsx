import { Link } from 'wouter';
import type { Figures } from '~/api/figures';
import { Change } from '~/parts/change';
import { Sparkline } from '~/parts/sparkline';
import { useFormats, type Formats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';

export type HeadlineId = 'spend' | 'leads' | 'express' | 'flagship' | 'revenue' | 'roas' | 'roi';

type Shown = 'spend_kzt' | 'leads' | 'express_purchases' | 'main_purchases' | 'revenue_kzt' | 'roas' | 'roi';

/** What the headline shows; `null` is what is not known. */
export type HeadlineFigures = Record<Shown, Figures[Shown] | null>;

interface Words {
  label: string;
  names: Record<HeadlineId, string>;
}

const TEXTS: Texts<Words> = {
  ru: {
    label: 'Главные цифры',
    names: {
      spend: 'Расходы', leads: 'Заявки', express: 'Express', flagship: 'Flagman', revenue: 'Выручка', roas: 'ROAS', roi: 'ROI',
    },
  },
  en: {
    label: 'Headline figures',
    names: {
      spend: 'Spend', leads: 'Leads', express: 'Express', flagship: 'Flagship', revenue: 'Revenue', roas: 'ROAS', roi: 'ROI',
    },
  },
};

interface Figure {
  value: (figures: HeadlineFigures) => number | null;
  write: (formats: Formats) => (value: number | null) => string;
  good: 'more' | 'less' | 'neither';
  /** The page of the rows behind it. */
  rows?: string;
}

const SHOWN: Record<HeadlineId, Figure> = {
  spend: { value: (f) => f.spend_kzt, write: (f) => f.tenge, good: 'neither' },
  leads: { value: (f) => f.leads, write: (f) => f.number, good: 'more' },
  express: { value: (f) => f.express_purchases, write: (f) => f.number, good: 'more', rows: 'express' },
  flagship: { value: (f) => f.main_purchases, write: (f) => f.number, good: 'more', rows: 'flagship' },
  revenue: { value: (f) => f.revenue_kzt, write: (f) => f.tenge, good: 'more', rows: '' },
  roas: { value: (f) => f.roas, write: (f) => f.ratio, good: 'more' },
  roi: { value: (f) => f.roi, write: (f) => f.percent, good: 'more' },
};

interface Properties {
  now: HeadlineFigures;
  before: HeadlineFigures | null;
  /** Day by day, for those figures that have days. */
  byDay?: Partial<Record<HeadlineId, readonly number[]>>;
  /** Whose; of all where none is named. */
  team?: string;
}

export function Headline({ now, before, byDay = {}, team }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const view = useViewSearch();
  return (
    <ul className="headline" aria-label={texts.label}>
      {(Object.keys(SHOWN) as HeadlineId[]).map((id) => {
        const { value, write, good, rows } = SHOWN[id];
        const said = write(formats);
        const big = <b className="big">{said(value(now))}</b>;
        return (
          <li key={id} className="card" data-figure={id}>
            <span className="quiet">{texts.names[id]}</span>
            {rows === undefined ? big : <Link href={rowsOf(view, rows, team)}>{big}</Link>}
            <Change now={value(now)} before={before && value(before)} good={good} write={said} />
            <Sparkline values={byDay[id] ?? []} />
          </li>
        );
      })}
    </ul>
  );
}

/** The sales behind a figure. */
export function rowsOf(view: string, funnel: string, team?: string | null): string {
  const search = new URLSearchParams(view);
  if (funnel) search.set('funnel', funnel);
  if (team) search.set('team', team);
  const text = search.toString();
  return text ? `/sales?${text}` : '/sales';
}
