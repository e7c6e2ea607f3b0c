import { useFormats } from '~/view/format';
import { useLanguage, useTexts, type Texts } from '~/view/language';
import { reasonIn } from '~/view/reasons';
import type { Answer } from './reconciliation';

interface Words {
  label: string;
  states: Record<Answer['state'], string>;
  means: Record<Answer['state'], string>;
  crm: string;
  ours: string;
  missing: string;
  extra: string;
  different: string;
  checked: string;
  never: string;
  tried: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    label: 'Итог сверки',
    states: { green: 'Сходится', red: 'Не сходится', unknown: 'Неизвестно' },
    means: {
      green: 'Каждая сделка за эти дни одинакова у нас и в amoCRM.',
      red: 'Часть сделок или счётчиков отличается. Ниже названо, какие и почему.',
      unknown: 'Сказать нельзя: amoCRM не удалось прочитать или дни ещё не сверены. Цифры ниже остались от последней сверки.',
    },
    crm: 'amoCRM', ours: 'У нас', missing: 'Не хватает', extra: 'Лишних', different: 'Отличаются', checked: 'Сверено',
    never: 'ещё не сверяли', tried: 'последняя попытка',
  },
  en: {
    label: 'What came of comparing',
    states: { green: 'Agrees', red: 'Does not agree', unknown: 'Not known' },
    means: {
      green: 'Every deal of these days is the same here and in amoCRM.',
      red: 'Some deals or counters differ. Which, and why, is named below.',
      unknown: 'Nobody can say: amoCRM could not be read, or days were not compared yet. The figures below are of the last time.',
    },
    crm: 'amoCRM', ours: 'Ours', missing: 'Missing', extra: 'Extra', different: 'Different', checked: 'Checked',
    never: 'never yet', tried: 'last tried',
  },
};

const SIGNS = { green: '✓', red: '✕', unknown: '?' } as const;

/** Whether both sides are equal, and how far apart they are. */
export function Verdict({ answer }: { answer: Answer }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const language = useLanguage();
  const { by_day: days, state } = answer;
  const why = answer.reason ? reasonIn(language, answer.reason) : '';
  const sum = (of: 'missing' | 'extra' | 'different') => days.reduce((all, day) => all + day[of], 0);
  const figures = [
    ['crm', texts.crm, formats.number(answer.crm.count), formats.money(answer.crm.revenue)],
    ['ledger', texts.ours, formats.number(answer.ledger.count), formats.money(answer.ledger.revenue)],
    ...(['missing', 'extra', 'different'] as const).map((of) => [of, texts[of], formats.number(sum(of)), '']),
  ] as const;
  return (
    <section className="card" aria-label={texts.label}>
      <p className="row">
        <span className={`proof ${state}`}><span className="sign" aria-hidden="true">{SIGNS[state]}</span><b>{texts.states[state]}</b></span>
        <span>{texts.means[state]}</span>
      </p>
      {why && <p className="quiet">{why}</p>}
      <dl className="sides">
        {figures.map(([id, title, count, money]) => (
          <div key={id} data-side={id}>
            <dt className="quiet">{title}</dt>
            <dd><b className="big">{count}</b> <span className="quiet">{money}</span></dd>
          </div>
        ))}
      </dl>
      <p className="quiet">
        {texts.checked}: {answer.checked_at ? `${formats.ago(answer.checked_at)} (${formats.moment(answer.checked_at)})` : texts.never}
        {answer.tried_at && answer.tried_at !== answer.checked_at && `, ${texts.tried} ${formats.ago(answer.tried_at)}`}
      </p>
    </section>
  );
}
