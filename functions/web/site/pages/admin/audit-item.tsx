import { useState } from 'react';
import type { Schemas } from '~/api/client';
import { NOTHING, useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { changes } from './audit-changes';
import { useAuditWords } from './audit-words';
import { Said } from './sign';

type Row = Schemas['AuditRow'];

interface Words {
  before: string;
  after: string;
  what: string;
  whole: string;
  more: (count: number) => string;
  lastFour: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    before: 'Было', after: 'Стало', what: 'Что', whole: 'всё', more: (count) => `Показать ещё ${count}`,
    lastFour: 'Сам ключ не хранится в журнале: видны только его последние четыре знака.',
  },
  en: {
    before: 'Before', after: 'After', what: 'What', whole: 'all', more: (count) => `Show ${count} more`,
    lastFour: 'The key itself is not kept here: only its last four characters are.',
  },
};

/** So many differences stand there at first. */
const FIRST = 8;

/** One change: who, when, what of it differs, and what came of it. */
export function AuditItem({ row }: { row: Row }) {
  const texts = useTexts(TEXTS);
  const words = useAuditWords();
  const formats = useFormats();
  const [isWhole, setWhole] = useState(false);
  const differing = changes(row.before, row.after);
  const shown = isWhole ? differing : differing.slice(0, FIRST);
  const title = `${words.action(row)}: ${words.subject(row)}`;
  return (
    <li data-audit={row.id}>
      <p className="row">
        <b>{title}</b>
        <span className="quiet">{formats.moment(row.at)}</span>
        <span className="quiet">{row.who.email ?? row.who.id}</span>
        {row.effect && <span className="badge">{words.effect(row.effect) ?? <Said>{row.effect}</Said>}</span>}
      </p>
      {row.action === 'secret_replaced' && <p className="quiet">{texts.lastFour}</p>}
      {shown.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-label={title}>
          <table>
            <thead><tr><th scope="col">{texts.what}</th><th scope="col">{texts.before}</th><th scope="col">{texts.after}</th></tr></thead>
            <tbody>
              {shown.map(({ path, before, after }) => (
                <tr key={path.join(' ')}>
                  <th scope="row">{path.map(words.name).join(' › ') || texts.whole}</th>
                  <td><Value of={before} is="del" /></td>
                  <td><Value of={after} is="ins" /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < differing.length && (
        <button type="button" className="plain" onClick={() => setWhole(true)}>{texts.more(differing.length - shown.length)}</button>
      )}
    </li>
  );
}

function Value({ of, is: Mark }: { of: unknown; is: 'del' | 'ins' }) {
  const { name } = useAuditWords();
  if (of === null || of === undefined || of === '') return <span className="quiet">{NOTHING}</span>;
  return <Mark>{typeof of === 'string' || typeof of === 'boolean' ? name(String(of)) : JSON.stringify(of)}</Mark>;
}
