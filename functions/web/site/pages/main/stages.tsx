import type { Schemas } from '~/api/client';
import { figures } from '~/api/figures';
import { Card } from '~/parts/card';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';

interface Words {
  title: string;
  clicks: string;
  perLead: string;
  cancelled: string;
  ofPrevious: string;
  noRate: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Четыре этапа', clicks: 'кликов', perLead: 'за заявку', cancelled: 'отменено', ofPrevious: 'от прошлого этапа',
    noRate: 'без курса',
  },
  en: {
    title: 'Four stages', clicks: 'clicks', perLead: 'a lead', cancelled: 'cancelled', ofPrevious: 'of the stage before',
    noRate: 'without a rate',
  },
};

/** The funnel: what goes in, what comes out at each stage, and which part comes on. */
export function Stages({ funnel }: { funnel: Pick<Schemas['Funnel'], 'stages' | 'totals'> }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const all = figures(funnel);
  const cancelled = (count: number) => (count ? [`${texts.cancelled} ${formats.number(count)}`] : []);
  const said = {
    spend: [
      formats.tenge(all.spend_kzt),
      [
        ...all.spend.map(formats.money), `${formats.number(all.clicks)} ${texts.clicks}`,
        ...all.unconverted.map((one) => `${formats.money(one)} ${texts.noRate}`),
      ],
    ],
    proftest: [formats.number(all.leads), [`${formats.tenge(all.cpl === null ? null : Math.round(all.cpl))} ${texts.perLead}`]],
    express: [formats.number(all.express_purchases), [formats.tenge(all.express_revenue), ...cancelled(all.express_cancelled)]],
    flagship: [formats.number(all.main_purchases), [formats.tenge(all.main_revenue), ...cancelled(all.main_cancelled)]],
  } as const;
  return (
    <Card title={texts.title}>
      <ol className="stages">
        {funnel.stages.map(({ id, title, metrics }) => (
          <li key={id} data-stage={id}>
            <span className="quiet">{title}</span>
            <b className="big">{said[id][0]}</b>
            <span className="quiet">{said[id][1].join(' · ')}</span>
            {metrics.conversion_from_previous !== null && (
              <span className="conversion">{formats.percent(metrics.conversion_from_previous)} {texts.ofPrevious}</span>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
