import { useTexts, type Texts } from '~/view/language';

const TEXTS: Texts<{ up: string; down: string }> = { ru: { up: 'Выше', down: 'Ниже' }, en: { up: 'Up', down: 'Down' } };

interface Properties {
  /** Which list, among those of the page. */
  list: string;
  place: number;
  count: number;
  /** What is moved, for who cannot see it. */
  name: string;
  onMove: (to: number) => void;
}

/** Moves something up or down in its list; the focus goes with it. */
export function OrderButtons({ list, place, count, name, onMove }: Properties) {
  const texts = useTexts(TEXTS);
  const move = (to: number, way: 'up' | 'down') => {
    onMove(to);
    requestAnimationFrame(() => {
      const buttons = ['up', 'down'].map((each) => document.querySelector<HTMLButtonElement>(`[data-move="${list} ${to} ${each}"]`));
      const same = buttons[way === 'up' ? 0 : 1];
      (same && !same.disabled ? same : buttons.find((button) => button && !button.disabled))?.focus();
    });
  };
  return (
    <span className="order">
      <button
        type="button" data-move={`${list} ${place} up`} disabled={place === 0} aria-label={`${texts.up}: ${name}`} title={texts.up}
        onClick={() => move(place - 1, 'up')}
      >↑</button>
      <button
        type="button" data-move={`${list} ${place} down`} disabled={place === count - 1} aria-label={`${texts.down}: ${name}`} title={texts.down}
        onClick={() => move(place + 1, 'down')}
      >↓</button>
    </span>
  );
}

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const after = [...list];
  after.splice(to, 0, ...after.splice(from, 1));
  return after;
}
