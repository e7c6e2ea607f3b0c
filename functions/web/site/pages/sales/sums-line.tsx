import { useFormats } from '~/view/format';
import { plural, useTexts, type Texts } from '~/view/language';
import type { Sums } from './rows';

interface Words {
  label: string;
  sales: (count: number) => string;
  average: string;
  cancelled: string;
  for: string;
  live: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    label: 'Итоги', sales: (count) => plural('ru', count, 'продажа', 'продажи', 'продаж'), average: 'в среднем',
    cancelled: 'отменено', for: 'на', live: 'обновляется само, последний раз в',
  },
  en: {
    label: 'Sums', sales: (count) => plural('en', count, 'sale', 'sales', 'sales'), average: 'on average',
    cancelled: 'cancelled', for: 'of', live: 'refreshes by itself, last at',
  },
};

/** How many sales count and what they come to; cancelled ones beside them. */
export function SumsLine({ sums, isOld }: { sums: Sums; isOld: boolean }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const { count, revenue, average, cancelled } = sums;
  return (
    <p className={isOld ? 'sums dim' : 'sums'} role="group" aria-label={texts.label}>
      <span><b className="big" data-sum="count">{formats.number(count)}</b> {texts.sales(count)}</span>
      <b className="big" data-sum="revenue">{formats.money(revenue)}</b>
      {average && <span className="quiet">{texts.average} {formats.money(average)}</span>}
      {cancelled.count > 0 && (
        <span className="quiet">{texts.cancelled} {formats.number(cancelled.count)} {texts.for} {formats.money(cancelled.revenue)}</span>
      )}
      <span className="quiet live"><i className="dot" aria-hidden="true" /> {texts.live} {formats.clock(sums.at)}</span>
    </p>
  );
}
