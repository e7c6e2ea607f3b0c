// Whether the figures can be trusted: the proof against amoCRM and how fresh each source is. Always in sight.

import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { useFormats } from '~/view/format';
import { useLanguage, useTexts, type Texts } from '~/view/language';
import { useIsAdmin } from '~/view/person';
import { reasonIn } from '~/view/reasons';
import { useViewSearch } from '~/view/view';

interface Words {
  label: string;
  states: Record<'green' | 'red' | 'unknown', string>;
  never: string;
  ours: string;
  missing: string;
  extra: string;
  different: string;
  checked: string;
  sources: Record<'sales' | 'leads' | 'spend', string>;
  cameNever: string;
  stale: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    label: 'Можно ли верить цифрам', states: { green: 'Сходится', red: 'Не сходится', unknown: 'Сверка неизвестна' },
    never: 'amoCRM ещё не сверяли', ours: 'у нас', missing: 'не хватает', extra: 'лишних', different: 'отличаются',
    checked: 'проверено', sources: { sales: 'Продажи', leads: 'Заявки', spend: 'Расходы' }, cameNever: 'ещё не приходили',
    stale: 'устарели',
  },
  en: {
    label: 'Whether the figures can be trusted', states: { green: 'Agrees', red: 'Does not agree', unknown: 'Not known' },
    never: 'amoCRM was not compared yet', ours: 'ours', missing: 'missing', extra: 'extra', different: 'different',
    checked: 'checked', sources: { sales: 'Sales', leads: 'Leads', spend: 'Spend' }, cameNever: 'none came yet',
    stale: 'stale',
  },
};

interface Properties {
  proof: Schemas['Proof'] | null;
  freshness: Schemas['FunnelFreshness'];
}

export function Standing({ proof, freshness }: Properties) {
  const texts = useTexts(TEXTS);
  return (
    <div className="standing" role="group" aria-label={texts.label}>
      <ProofLine proof={proof} texts={texts} />
      <ul className="fresh">
        {(['sales', 'leads', 'spend'] as const).map((source) => (
          <Source key={source} title={texts.sources[source]} of={freshness[source]} texts={texts} />
        ))}
      </ul>
    </div>
  );
}

function ProofLine({ proof, texts }: { proof: Schemas['Proof'] | null; texts: Words }) {
  const formats = useFormats();
  const isAdmin = useIsAdmin();
  const language = useLanguage();
  const view = useViewSearch();
  if (!proof) return <p className="proof unknown">{texts.never}</p>;
  const said = [
    texts.states[proof.state],
    ...(proof.checked_at
      ? [
        `amoCRM ${formats.number(proof.crm_count)}`, `${texts.ours} ${formats.number(proof.ledger_count)}`,
        `${texts.missing} ${formats.number(proof.missing)}`, `${texts.extra} ${formats.number(proof.extra)}`,
        ...(proof.different ? [`${texts.different} ${formats.number(proof.different)}`] : []),
        `${texts.checked} ${formats.ago(proof.checked_at)}`,
      ]
      : []),
  ].join(' · ');
  const reason = proof.reason ? reasonIn(language, proof.reason) : '';
  const line = <>{said}{reason && <span className="quiet"> — {reason}</span>}</>;
  return (
    <p className={`proof ${proof.state}`}>
      <span className="sign" aria-hidden="true">{{ green: '✓', red: '✕', unknown: '?' }[proof.state]}</span>
      {isAdmin ? <Link href={`/admin/reconciliation${view}`}>{line}</Link> : <span>{line}</span>}
    </p>
  );
}

function Source({ title, of, texts }: { title: string; of: Schemas['SourceFreshness']; texts: Words }) {
  const formats = useFormats();
  const language = useLanguage();
  const when = of.last_success_at ? formats.ago(of.last_success_at) : texts.cameNever;
  const late = of.status === 'stale' ? ` — ${of.reason ? reasonIn(language, of.reason) : texts.stale}` : '';
  return (
    <li className={of.status} title={of.last_success_at ? formats.moment(of.last_success_at) : undefined}>
      <span className="sign" aria-hidden="true">{of.status === 'fresh' ? '●' : '▲'}</span>
      {title}: {when}{late}
    </li>
  );
}
