import { useState } from 'react';
import { Choice } from '~/parts/choice';
import { PRESETS, today, type Comparison, type Preset } from '~/view/days';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useView, type Basis } from '~/view/view';

interface Words {
  period: string;
  presets: Record<Preset, string>;
  custom: string;
  from: string;
  to: string;
  show: string;
  wrong: string;
  earlier: string;
  later: string;
  compare: string;
  comparisons: Record<Comparison, string>;
  against: string;
  basis: string;
  bases: Record<Basis, string>;
}

const TEXTS: Texts<Words> = {
  ru: {
    period: 'Период',
    presets: {
      today: 'Сегодня', yesterday: 'Вчера', '7d': '7 дней', '30d': '30 дней', '90d': '90 дней', month: 'Этот месяц',
      'last-month': 'Прошлый месяц',
    },
    custom: 'Свой период', from: 'С', to: 'По', show: 'Показать', wrong: 'Начало не позже конца, не больше 400 дней.',
    earlier: 'Период раньше', later: 'Период позже', compare: 'Сравнить',
    comparisons: { previous: 'с периодом раньше', weekdays: 'с теми же днями недели', none: 'не сравнивать' },
    against: 'против', basis: 'Дата', bases: { sale_date: 'По дате продажи', lead_date: 'По дате заявки' },
  },
  en: {
    period: 'Period',
    presets: {
      today: 'Today', yesterday: 'Yesterday', '7d': '7 days', '30d': '30 days', '90d': '90 days', month: 'This month',
      'last-month': 'Last month',
    },
    custom: 'Custom', from: 'From', to: 'To', show: 'Show', wrong: 'From may not be after To, 400 days at most.',
    earlier: 'Period before', later: 'Period after', compare: 'Compare',
    comparisons: { previous: 'with the period before', weekdays: 'with the same weekdays', none: 'do not compare' },
    against: 'against', basis: 'Date', bases: { sale_date: 'By sale date', lead_date: 'By lead date' },
  },
};

interface Properties {
  /** Whether the page has figures of both date bases. */
  hasBasis?: boolean;
  hasComparison?: boolean;
}

/** Which days the figures are of. */
export function PeriodBar({ hasBasis = false, hasComparison = false }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const view = useView();
  const [isCustomOpen, setCustomOpen] = useState(false);
  const { days, before, preset } = view;
  const pick = (value: string) => {
    setCustomOpen(value === 'custom');
    if (value !== 'custom') view.setPreset(value as Preset);
  };
  const written = ({ from, to }: typeof days) => (from === to ? formats.day(from) : `${formats.day(from)} – ${formats.day(to)}`);
  return (
    <div className="period-bar">
      <div className="steps">
        <button type="button" className="step" aria-label={texts.earlier} title="←" onClick={() => view.step(-1)}>‹</button>
        <label>
          <span className="unseen">{texts.period}</span>
          <select value={isCustomOpen ? 'custom' : (preset ?? 'custom')} onChange={(event) => pick(event.target.value)}>
            {PRESETS.map((each) => <option key={each} value={each}>{texts.presets[each]}</option>)}
            <option value="custom">{texts.custom}</option>
          </select>
        </label>
        <button type="button" className="step" aria-label={texts.later} title="→" disabled={!view.canStepOn} onClick={() => view.step(1)}>›</button>
      </div>
      <span className="days" aria-live="polite">
        {written(days)}
        {hasComparison && before && <span className="quiet"> {texts.against} {written(before)}</span>}
      </span>
      {(isCustomOpen || !preset) && <Custom key={`${days.from} ${days.to}`} texts={texts} onDone={() => setCustomOpen(false)} />}
      {hasComparison && (
        <label>
          <span className="unseen">{texts.compare}</span>
          <select value={view.comparison} onChange={(event) => view.setComparison(event.target.value as Comparison)}>
            {Object.entries(texts.comparisons).map(([id, title]) => <option key={id} value={id}>{title}</option>)}
          </select>
        </label>
      )}
      {hasBasis && (
        <Choice
          label={texts.basis} value={view.basis} onChange={view.setBasis}
          choices={[['sale_date', texts.bases.sale_date], ['lead_date', texts.bases.lead_date]]}
        />
      )}
    </div>
  );
}

function Custom({ texts, onDone }: { texts: Words; onDone: () => void }) {
  const { days, setDays } = useView();
  const [wrong, setWrong] = useState(false);
  const show = (form: FormData) => {
    const chosen = { from: String(form.get('from')), to: String(form.get('to')) };
    const isRight = chosen.from <= chosen.to && Date.parse(chosen.to) - Date.parse(chosen.from) < 400 * 86_400_000;
    setWrong(!isRight);
    if (isRight) {
      setDays(chosen);
      onDone();
    }
  };
  return (
    <form className="custom" onSubmit={(event) => { event.preventDefault(); show(new FormData(event.currentTarget)); }}>
      <label>{texts.from} <input type="date" name="from" required max={today()} defaultValue={days.from} /></label>
      <label>{texts.to} <input type="date" name="to" required defaultValue={days.to} /></label>
      <button type="submit">{texts.show}</button>
      {wrong && <span className="problem" role="alert">{texts.wrong}</span>}
    </form>
  );
}
