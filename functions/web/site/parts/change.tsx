import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';

interface Words {
  more: string;
  less: string;
  same: string;
  before: string;
  unknown: string;
}

const TEXTS: Texts<Words> = {
  ru: { more: 'больше на', less: 'меньше на', same: 'без изменений', before: 'было', unknown: 'не с чем сравнить' },
  en: { more: 'up', less: 'down', same: 'no change', before: 'was', unknown: 'nothing to compare with' },
};

interface Properties {
  now: number | null;
  before: number | null;
  /** Whether more is better; spend is neither. */
  good: 'more' | 'less' | 'neither';
  /** How a figure is written. */
  write: (value: number | null) => string;
}

/** How a figure changed against the compared period: an arrow, a share, and the figure of then for who stops there. */
export function Change({ now, before, good, write }: Properties) {
  const formats = useFormats();
  const texts = useTexts(TEXTS);
  if (now === null || before === null || before === 0) {
    return <span className="change" title={`${texts.before} ${write(before)}`}>{before === null ? '' : texts.unknown}</span>;
  }
  const share = (now - before) / Math.abs(before);
  const way = Math.abs(share) < 0.0005 ? 'same' : share > 0 ? 'more' : 'less';
  const mood = way === 'same' || good === 'neither' ? '' : way === good ? 'good' : 'bad';
  const sign = { more: '↑', less: '↓', same: '=' }[way];
  return (
    <span className={`change ${mood}`} title={`${texts.before} ${write(before)}`}>
      <span aria-hidden="true">{sign} </span>
      <span className="unseen">{texts[way]} </span>
      {way === 'same' ? '' : formats.percent(Math.abs(share))}
    </span>
  );
}
