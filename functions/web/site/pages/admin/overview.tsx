// What is broken and where that is mended, in five seconds. Each part is asked for by itself; one that fails says so alone.

import { useFunnel } from '~/api/figures';
import { Standing } from '~/layout/standing';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { DeadLettersTile, DiagnosticsTile, IncidentsTile, TokensTile } from './overview-state';
import { QuarantineTile, UtmTile } from './overview-more';

const TEXTS: Texts<{ proof: string; what: string }> = {
  ru: { proof: 'Сверка и свежесть данных', what: 'Что сейчас' },
  en: { proof: 'The proof and how fresh data is', what: 'How things are' },
};

export function Overview() {
  const texts = useTexts(TEXTS);
  const { days, basis } = useView();
  const funnel = useFunnel({ days, basis });
  return (
    <>
      <div className="proof-place">
        {funnel.data && <Standing proof={funnel.data.proof} freshness={funnel.data.freshness} />}
        {funnel.isPending && <Waiting lines={1} />}
        {funnel.error && <Failed what={texts.proof} error={funnel.error} again={funnel.refetch} />}
      </div>
      <ul className="tiles" aria-label={texts.what}>
        <IncidentsTile />
        <DiagnosticsTile />
        <TokensTile />
        <DeadLettersTile />
        <QuarantineTile />
        <UtmTile />
      </ul>
    </>
  );
}
