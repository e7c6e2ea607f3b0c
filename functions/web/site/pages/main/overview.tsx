// The figures of a view: headline, stages and days, of all teams or of one. What failed is named, and the rest stays.

import { useState, type ReactNode } from 'react';
import type { Schemas } from '~/api/client';
import { figures, useFunnel, useFunnelBefore } from '~/api/figures';
import { PeriodBar } from '~/layout/period-bar';
import { Standing } from '~/layout/standing';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { useByDay, type ByDay } from './by-day';
import { DaysChart } from './days-chart';
import { fromDays, lines } from './derived';
import { Headline } from './headline';
import { Live } from './live';
import { Stages } from './stages';

interface Words {
  funnel: string;
  before: string;
  instead: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    funnel: 'Воронка', before: 'Прошлый период',
    instead: 'Главные цифры ниже сложены по дням. Сверки, этапов и разбивки по командам сейчас нет.',
  },
  en: {
    funnel: 'The funnel', before: 'The period before',
    instead: 'The headline below is added up from the days. The proof, the stages and the teams are missing for now.',
  },
};

interface Properties {
  title: ReactNode;
  team?: string;
  /** What else there is where the funnel is there. */
  children?: (answer: Schemas['FunnelAnswer'], byDay: ByDay) => ReactNode;
  /** Stands whether or not the funnel is there. */
  below?: ReactNode;
}

export function Overview({ title, team, children, below }: Properties) {
  const texts = useTexts(TEXTS);
  const { days, before, basis } = useView();
  const now = useFunnel({ days, team, basis });
  const then = useFunnelBefore({ days: before, team, basis });
  const error = useLastError(now);
  const all = now.data && figures(now.data);
  const byDay = useByDay({
    days, team, basis,
    enabled: error !== null || (now.isSuccess && !now.isPlaceholderData),
    stamp: all ? [all.spend_kzt, all.leads, all.express_purchases, all.main_purchases, all.revenue_kzt].join(' ') : '',
  });
  const compared = then.data && before ? figures(then.data) : null;
  const ofTeam = team === undefined ? {} : { team };
  return (
    <>
      <header className="page-head">
        <div className="row"><h1>{title}</h1><Live at={now.dataUpdatedAt} hasFailed={error !== null} /></div>
        <PeriodBar hasBasis hasComparison />
      </header>
      {error !== null && <Failed what={texts.funnel} error={error} again={() => void now.refetch()} />}
      {error !== null && !now.data && <p className="notice">{texts.instead}</p>}
      {then.error && before && <Failed what={texts.before} error={then.error} again={() => void then.refetch()} />}
      {!now.data && error === null && <Waiting lines={12} height={900} />}
      {(now.data !== undefined || error !== null) && (
        <div className={now.isPlaceholderData ? 'dim' : undefined}>
          {now.data && <Standing proof={now.data.proof} freshness={now.data.freshness} />}
          <Headline now={all ?? fromDays(byDay)} before={compared} byDay={lines(byDay)} {...ofTeam} />
          {now.data && <Stages funnel={now.data} team={team} />}
          <DaysChart days={days} byDay={byDay} />
          {now.data && children?.(now.data, byDay)}
        </div>
      )}
      {below}
    </>
  );
}

/** What went wrong last. A question without an answer forgets that while it is asked again, and the page would go to and fro. */
function useLastError({ error, data }: { error: unknown; data: unknown }): unknown {
  const [last, setLast] = useState<unknown>(null);
  const known = error ?? (data === undefined ? last : null);
  if (known !== last) setLast(known);
  return known;
}
