import type { CSSProperties } from 'react';
import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { figures } from '~/api/figures';
import { Card } from '~/parts/card';
import { useFormats } from '~/view/format';
import { plural, useLanguage, useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';
import { rowsOf } from './headline';

type Forms = readonly [string, string, string];

interface Words {
  title: string;
  stages: Record<Schemas['Stages'][number]['id'], string>;
  clicks: Forms;
  perLead: string;
  cancelled: string;
  comeOn: Record<'proftest' | 'express' | 'flagship', string>;
  noRate: string;
  other: Forms;
  notCounted: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Четыре этапа',
    stages: { spend: 'Расходы', proftest: 'ProfTest', express: 'Express Course', flagship: 'Integrator Flagman' },
    clicks: ['клик', 'клика', 'кликов'], perLead: 'за заявку', cancelled: 'отменено',
    comeOn: { proftest: 'от кликов', express: 'от заявок', flagship: 'от Express' },
    noRate: 'Нет курса Нацбанка, в тенге не переведено:', other: ['прочая сделка', 'прочие сделки', 'прочих сделок'],
    notCounted: 'в выручку не входит',
  },
  en: {
    title: 'Four stages',
    stages: { spend: 'Spend', proftest: 'ProfTest', express: 'Express Course', flagship: 'Integrator Flagship' },
    clicks: ['click', 'clicks', 'clicks'], perLead: 'a lead', cancelled: 'cancelled',
    comeOn: { proftest: 'of clicks', express: 'of leads', flagship: 'of Express' },
    noRate: 'No National Bank rate, not turned into tenge:', other: ['other deal', 'other deals', 'other deals'],
    notCounted: 'not part of revenue',
  },
};

interface Properties {
  funnel: Pick<Schemas['Funnel'], 'stages' | 'totals'>;
  team?: string | undefined;
}

/** The funnel: what goes in, what comes out at each stage, and which part comes on. */
export function Stages({ funnel, team }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const language = useLanguage();
  const view = useViewSearch();
  const all = figures(funnel);
  const cancelled = (count: number) => (count ? [`${texts.cancelled} ${formats.number(count)}`] : []);
  const counted = (count: number, forms: Forms) => `${formats.number(count)} ${plural(language, count, ...forms)}`;
  const said = {
    spend: { big: formats.tenge(all.spend_kzt), more: [...all.spend.map(formats.money), counted(all.clicks, texts.clicks)] },
    proftest: {
      big: formats.number(all.leads),
      more: all.cpl === null ? [] : [`${formats.tenge(Math.round(all.cpl))} ${texts.perLead}`],
    },
    express: { big: formats.number(all.express_purchases), more: [formats.tenge(all.express_revenue), ...cancelled(all.express_cancelled)] },
    flagship: { big: formats.number(all.main_purchases), more: [formats.tenge(all.main_revenue), ...cancelled(all.main_cancelled)] },
  };
  const wide = widths([all.clicks, all.leads, all.express_purchases, all.main_purchases]);
  return (
    <Card title={texts.title}>
      <ol className="stages funnel">
        {funnel.stages.map(({ id, metrics }, index) => (
          <li key={id} data-stage={id}>
            <div className="stage">
              <span className="quiet">{texts.stages[id]}</span>
              <b className="big">{said[id].big}</b>
              <span className="quiet">{said[id].more.join(' · ')}</span>
            </div>
            <div className="flow" style={{ '--in': wide[index], '--out': wide[index + 1] ?? wide[index] } as CSSProperties} aria-hidden="true" />
            <span className="conversion">
              {id !== 'spend' && metrics.conversion_from_previous !== null
                && <><b>{formats.percent(metrics.conversion_from_previous)}</b> {texts.comeOn[id]}</>}
            </span>
          </li>
        ))}
      </ol>
      {all.unconverted.length > 0 && (
        <p className="notice" data-part="unconverted">
          {texts.noRate} {all.unconverted.map((one) => `${formats.money(one)} (${one.account_id})`).join(', ')}
        </p>
      )}
      {all.other_purchases > 0 && (
        <p className="quiet">
          <Link href={rowsOf(view, 'other', team)}>{counted(all.other_purchases, texts.other)}</Link>
          {` · ${formats.tenge(all.other_revenue_kzt)}, ${texts.notCounted}`}
        </p>
      )}
    </Card>
  );
}

/** Never so narrow that it is not seen. */
const LEAST = 0.04;

/**
 * How wide the funnel is at each stage, of 1. Counts differ by orders of magnitude, so it is their cube root that is
 * drawn: a shape to look at, with the shares themselves written under it.
 */
function widths(counts: readonly number[]): number[] {
  const most = Math.max(...counts, 1);
  return counts.map((count) => Math.max(LEAST, Math.cbrt(count / most)));
}
