import { useState, type ReactNode } from 'react';
import { Failed } from '~/parts/failed';
import { useFormats } from '~/view/format';
import { useLanguage, useTexts, type Texts } from '~/view/language';
import { Conflict } from './conflict';
import type { Draft } from './draft';
import { changeOf, nameOf, useAudit } from './last-saved';
import { LeaveGuard } from './leave';
import { inWords } from './problems';
import type { Section } from './section';

interface Words {
  save: string;
  saving: string;
  discard: string;
  unsaved: string;
  saved: string;
  notSaved: string;
  version: string;
  defaults: string;
  by: string;
  what: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    save: 'Сохранить', saving: 'Сохраняется…', discard: 'Отменить изменения', unsaved: 'Есть несохранённые изменения',
    saved: 'Сохранено', notSaved: 'Не сохранено, исправьте:', version: 'версия', defaults: 'значения по умолчанию, ещё не меняли',
    by: 'сохранил(а)', what: 'Сохранение',
  },
  en: {
    save: 'Save', saving: 'Saving…', discard: 'Discard changes', unsaved: 'There are unsaved changes',
    saved: 'Saved', notSaved: 'Not saved, please change:', version: 'version', defaults: 'defaults, never changed',
    by: 'saved by', what: 'Saving',
  },
};

type AnyDraft = { [S in Section]: Draft<S> }[Section];

interface Properties {
  drafts: readonly AnyDraft[];
  /** What a piece of a section is called. */
  nameOfPiece: (section: Section, name: string) => string;
  /** What a field is called, where it stands in no form: for the list of what has to change. */
  nameOfField?: (field: string) => string;
  /** What a section is called, where several are saved together. */
  nameOfSection?: (section: Section) => string;
  children?: ReactNode;
}

/** Saves what was changed, says which version that is and whose, and what to do where it could not be saved. */
export function SaveBar({ drafts, nameOfPiece, nameOfField = (field) => field, nameOfSection, children }: Properties) {
  const texts = useTexts(TEXTS);
  const language = useLanguage();
  const [isBusy, setBusy] = useState(false);
  const changed = drafts.filter((draft) => draft.isChanged);
  const problems = drafts.flatMap((draft) => draft.problems);
  const failed = drafts.find((draft) => draft.failed !== null)?.failed;
  const isSaved = changed.length === 0 && drafts.some((draft) => draft.isSaved);
  const save = async () => {
    setBusy(true);
    // One after the other: what could be saved before another was refused stays saved.
    for (const draft of changed) if (!(await draft.save())) break;
    setBusy(false);
  };
  return (
    <div className="stack">
      <LeaveGuard isChanged={changed.length > 0} />
      {drafts.map((draft) => draft.theirs && <Conflict key={draft.section} draft={draft} nameOfPiece={(name) => nameOfPiece(draft.section, name)} />)}
      {failed !== undefined && failed !== null && <Failed what={texts.what} error={failed} again={() => void save()} />}
      {problems.length > 0 && (
        <div className="failed" role="alert">
          <div>
            <b>{texts.notSaved}</b>
            <ul className="wrong-fields">
              {problems.map(({ field, problem }) => (
                <li key={`${field} ${problem}`}>
                  <button type="button" className="plain" onClick={() => show(field)}>{nameOfField(field)}: {inWords(problem, language)}</button>
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <div className="save-bar row">
        <button type="button" className="main" disabled={changed.length === 0 || isBusy} onClick={() => void save()}>
          {isBusy ? texts.saving : texts.save}
        </button>
        {changed.length > 0 && (
          <button type="button" disabled={isBusy} onClick={() => { for (const draft of changed) draft.discard(); }}>{texts.discard}</button>
        )}
        {children}
        <span role="status" className={isSaved ? 'good' : 'warn'}>
          {changed.length > 0 && !isBusy && `● ${texts.unsaved}`}
          {isSaved && `✓ ${texts.saved}`}
        </span>
        <span className="versions quiet spread">
          {drafts.map((draft) => <Version key={draft.section} draft={draft} name={nameOfSection?.(draft.section)} texts={texts} />)}
        </span>
      </div>
    </div>
  );
}

/** Goes to a field, or to the one that it is a part of. */
function show(field: string) {
  const found = [field, field.replace(/[.[][^.[]*$/, '')].map((path) => document.querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`));
  found.find((element) => element !== null)?.focus();
}

function Version({ draft, name, texts }: { draft: AnyDraft; name: string | undefined; texts: Words }) {
  const formats = useFormats();
  const rows = useAudit();
  const version = draft.held?.version;
  if (version === undefined) return null;
  const row = changeOf(rows, draft.section, version);
  const by = row ? ` · ${texts.by} ${nameOf(row)}, ${formats.moment(row.at)}` : '';
  return <small>{name && `${name}: `}{version === 0 ? texts.defaults : `${texts.version} ${version}${by}`}</small>;
}
