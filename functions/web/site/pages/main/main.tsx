// All teams at a glance: whose money came back, and whether the figures can be trusted.

import { figures, useFunnel, useFunnelBefore } from '~/api/figures';
import { PeriodBar } from '~/layout/period-bar';
import { Standing } from '~/layout/standing';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { Headline } from './headline';
import { Stages } from './stages';
import { Teams } from './teams';

const TEXTS: Texts<{ title: string; funnel: string }> = {
  ru: { title: 'Воронка', funnel: 'Воронка' },
  en: { title: 'Funnel', funnel: 'The funnel' },
};

export function Main() {
  const texts = useTexts(TEXTS);
  const { days, before, basis } = useView();
  const now = useFunnel({ days, basis });
  const then = useFunnelBefore({ days: before, basis });
  return (
    <>
      <header className="page-head">
        <h1>{texts.title}</h1>
        <PeriodBar hasBasis hasComparison />
      </header>
      {now.error && <Failed what={texts.funnel} error={now.error} again={now.refetch} />}
      {now.data ? (
        <div className={now.isPlaceholderData ? 'dim' : undefined}>
          <Standing proof={now.data.proof} freshness={now.data.freshness} />
          <Headline now={figures(now.data)} before={then.data ? figures(then.data) : null} />
          <Stages funnel={now.data} />
          <Teams answer={now.data} />
        </div>
      ) : !now.error && <Waiting lines={12} height={900} />}
    </>
  );
}
