import { useTexts, type Texts } from '~/view/language';

const TEXTS: Texts<string> = { ru: 'Загружается…', en: 'Loading…' };

/** A place kept for what is still loading, as tall as it will be. */
export function Waiting({ lines = 1, height }: { lines?: number; height?: number }) {
  const said = useTexts(TEXTS);
  return (
    <div className="waiting" role="status" style={height ? { minHeight: height } : undefined}>
      <span className="unseen">{said}</span>
      {Array.from({ length: lines }, (_, line) => <div key={line} className="bone" />)}
    </div>
  );
}
