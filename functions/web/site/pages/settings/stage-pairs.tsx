import { useTexts, type Texts } from '~/view/language';
import { NumberField } from './field';
import type { PipelineStage } from './section';

const TEXTS: Texts<{ pipeline: string; stage: string; remove: string; add: string; none: string }> = {
  ru: { pipeline: 'Воронка', stage: 'Этап', remove: 'Убрать', add: 'Добавить этап', none: 'Нет.' },
  en: { pipeline: 'Pipeline', stage: 'Stage', remove: 'Remove', add: 'Add a stage', none: 'None.' },
};

interface Properties {
  /** Where the list stands in the value. */
  path: string;
  title: string;
  hint: string;
  pairs: readonly PipelineStage[];
  onChange: (pairs: PipelineStage[]) => void;
}

/** Stages of amoCRM, each in its pipeline. */
export function StagePairs({ path, title, hint, pairs, onChange }: Properties) {
  const texts = useTexts(TEXTS);
  const set = (place: number, part: Partial<PipelineStage>) =>
    onChange(pairs.map((pair, each) => (each === place ? { ...pair, ...part } : pair)));
  return (
    <fieldset className="group">
      <legend>{title}</legend>
      <small className="quiet">{hint}{pairs.length === 0 && ` ${texts.none}`}</small>
      {pairs.length > 0 && (
        <ul className="pairs">
          {pairs.map((pair, place) => (
            <li key={place}>
              <NumberField path={`${path}[${place}].pipeline`} label={texts.pipeline} value={pair.pipeline} onChange={(pipeline) => set(place, { pipeline })} />
              <NumberField
                path={`${path}[${place}].stage`} more={(field) => field === `${path}[${place}]`} label={texts.stage} value={pair.stage}
                onChange={(stage) => set(place, { stage })}
              />
              <button
                type="button" aria-label={`${texts.remove}: ${title}, ${place + 1}`} onClick={() => onChange(pairs.filter((_, each) => each !== place))}
              >✕</button>
            </li>
          ))}
        </ul>
      )}
      <div><button type="button" onClick={() => onChange([...pairs, { pipeline: 0, stage: 0 }])}>{texts.add}</button></div>
    </fieldset>
  );
}
