import { useMemo, useState } from 'react';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import type { Draft } from './draft';
import { changeOf, nameOf, useAudit } from './last-saved';
import { differences, merged, join, split, type Difference, type Pick } from './pieces';
import { said } from './said';
import type { Section } from './section';

interface Words {
  title: string;
  somebody: string;
  saved: string;
  what: string;
  theirs: string;
  mine: string;
  by: Record<Difference['by'], string>;
  none: string;
  same: string;
  go: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Пока вы меняли, раздел сохранил другой человек', somebody: 'Другой администратор', saved: 'сохранил(а) версию',
    what: 'Ваши изменения на месте. Выберите, что оставить, и сохраните ещё раз.', theirs: 'Сохранено сейчас', mine: 'У вас',
    by: { them: 'изменил(а) только он(а)', me: 'изменили только вы', both: 'изменили оба' }, none: 'нет', same: 'Отличий нет.',
    go: 'Соединить и продолжить',
  },
  en: {
    title: 'Somebody else has saved this section meanwhile', somebody: 'Another admin', saved: 'has saved version',
    what: 'Your changes are still here. Choose what to keep, and save again.', theirs: 'Saved now', mine: 'Yours',
    by: { them: 'changed by them only', me: 'changed by you only', both: 'changed by both' }, none: 'none', same: 'No differences.',
    go: 'Join and go on',
  },
};

interface Properties<S extends Section> {
  draft: Draft<S>;
  nameOfPiece: (name: string) => string;
}

/** What another has saved, beside one's own changes, and a choice for every piece that differs. */
export function Conflict<S extends Section>({ draft, nameOfPiece }: Properties<S>) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const rows = useAudit();
  const { section, held, theirs, value } = draft;
  const [picks, setPicks] = useState<ReadonlyMap<string, Pick>>(new Map());
  const pieces = useMemo(
    () => (held && theirs && value ? { base: split(section, held.value), theirs: split(section, theirs.value), mine: split(section, value) } : null),
    [section, held, theirs, value],
  );
  if (!pieces || !theirs) return null;
  const found = differences(pieces.base, pieces.theirs, pieces.mine);
  const picked = ({ name, by }: Difference): Pick => picks.get(name) ?? (by === 'them' ? 'theirs' : 'mine');
  const go = () => {
    const chosen = new Map(found.map((difference) => [difference.name, picked(difference)]));
    draft.settle(join(section, merged(pieces.theirs, pieces.mine, chosen)));
  };
  const row = changeOf(rows, section, theirs.version);
  return (
    <section className="notice stack" role="alert" aria-label={texts.title}>
      <h2>{texts.title}</h2>
      <p>
        {row ? nameOf(row) : texts.somebody} {texts.saved} {theirs.version}{row && `, ${formats.moment(row.at)}`}. {texts.what}
      </p>
      {found.length === 0 && <p>{texts.same}</p>}
      {found.map((difference) => (
        <fieldset key={difference.name} className="difference">
          <legend><b>{nameOfPiece(difference.name)}</b> <span className="quiet">{texts.by[difference.by]}</span></legend>
          {(['theirs', 'mine'] as const).map((side) => (
            <label key={side} className="side">
              <input
                type="radio" name={`pick-${section}-${difference.name}`} checked={picked(difference) === side}
                onChange={() => setPicks(new Map(picks).set(difference.name, side))}
              />
              <span>{texts[side]}: <span className="quiet">{said(difference[side], difference[side === 'mine' ? 'theirs' : 'mine']) || texts.none}</span></span>
            </label>
          ))}
        </fieldset>
      ))}
      <div><button type="button" className="main" onClick={go}>{texts.go}</button></div>
    </section>
  );
}
