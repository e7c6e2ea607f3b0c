// What becomes of an event, in words.

import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { useTexts, type Texts } from '~/view/language';

export type Outcome = Schemas['EventOutcome'];
export type Route = Schemas['Event']['route'];
type Reason = NonNullable<Schemas['Event']['reason']>;

interface Words {
  outcomes: Record<Outcome, string>;
  reasons: Record<Reason, string>;
  routes: Record<Route, string>;
  origins: Record<Schemas['Event']['origin'], string>;
}

export const WORDS: Texts<Words> = {
  ru: {
    outcomes: {
      recorded: 'Новая продажа', updated: 'Продажа дополнена', duplicate: 'Уже было', ignored: 'Не продажа', quarantined: 'Не прочитано',
      queued: 'Ждёт в очереди',
    },
    reasons: {
      stage: 'не тот этап', lost: 'сделка закрыта без оплаты', deleted: 'сделка удалена', not_a_lead: 'это не сделка',
      no_change: 'ничего не изменилось',
    },
    routes: { sales: 'Все продажи', funnel: 'Express', traffic: 'Flagman' },
    origins: { hook: 'хук', read: 'чтение amoCRM', journal: 'журнал amoCRM', history: 'старая база' },
  },
  en: {
    outcomes: {
      recorded: 'New sale', updated: 'Sale updated', duplicate: 'Known already', ignored: 'Not a sale', quarantined: 'Not readable',
      queued: 'Waits in the queue',
    },
    reasons: {
      stage: 'another stage', lost: 'the deal was lost', deleted: 'the deal was deleted', not_a_lead: 'it is no deal',
      no_change: 'nothing has changed',
    },
    routes: { sales: 'All sales', funnel: 'Express', traffic: 'Flagship' },
    origins: { hook: 'hook', read: 'reading amoCRM', journal: "amoCRM's journal", history: 'old database' },
  },
};

const LOOKS: Record<Outcome, readonly [sign: string, mood: string]> = {
  recorded: ['✓', 'good'], updated: ['✓', 'good'], duplicate: ['=', ''], ignored: ['·', ''], quarantined: ['✕', 'bad'], queued: ['▲', 'warn'],
};

export function OutcomeSign({ outcome }: { outcome: Outcome }) {
  const words = useTexts(WORDS);
  const [sign, mood] = LOOKS[outcome];
  return <span className={`badge ${mood}`} data-outcome={outcome}><span aria-hidden="true">{sign} </span>{words.outcomes[outcome]}</span>;
}

const TEXTS: Texts<{ title: string; deal: string; noDeal: string; sale: string }> = {
  ru: { title: 'Что получилось', deal: 'Сделка', noDeal: 'Без номера сделки', sale: 'открыть продажу' },
  en: { title: 'What came of it', deal: 'Deal', noDeal: 'No deal number', sale: 'open the sale' },
};

type Result = Pick<Schemas['HookResult'], 'action' | 'lead_id' | 'outcome' | 'sale_id' | 'reason' | 'problems'>;

/** What became of each deal of a hook. */
export function Results({ results }: { results: readonly Result[] }) {
  const texts = useTexts(TEXTS);
  const words = useTexts(WORDS);
  return (
    <ul className="results" aria-label={texts.title}>
      {results.map((result, index) => (
        <li key={index}>
          <OutcomeSign outcome={result.outcome} />{' '}
          {result.lead_id === null ? texts.noDeal : `${texts.deal} ${result.lead_id}`}
          {result.reason && `: ${words.reasons[result.reason]}`}
          {result.problems && <>: <span lang="en">{result.problems.join('; ')}</span></>}
          {result.sale_id && <>, <Link href={`/sales/${encodeURIComponent(result.sale_id)}`}>{texts.sale}</Link></>}
        </li>
      ))}
    </ul>
  );
}
