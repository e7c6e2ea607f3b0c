import { useRef, useState } from 'react';
import { api, Failure, queries, type Schemas } from '~/api/client';
import { Failed } from '~/parts/failed';
import { useTexts, type Texts } from '~/view/language';
import { Field, Problems } from './field';
import { FIELDS, LEAVABLE, useKeyNames } from './secret-words';

type Secret = Schemas['Secret'];

interface Words {
  replace: string;
  set: string;
  title: string;
  hint: string;
  stays: string;
  takeOut: string;
  takenOut: string;
  store: string;
  asking: string;
  cancel: string;
  refused: string;
  what: string;
  done: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    replace: 'Заменить', set: 'Задать', title: 'Новый ключ',
    hint: 'Сервис сразу проверит новый ключ. Если он его не примет, ничего не сохранится и прежний продолжит работать. Пустое поле остаётся прежним.',
    stays: 'сейчас', takeOut: 'Убрать', takenOut: 'Будет убрано', store: 'Проверить и сохранить', asking: 'Сервис проверяет…', cancel: 'Отмена',
    refused: 'Ключ не принят, ничего не сохранено.', what: 'Замена ключа', done: 'Ключ заменён и уже работает.',
  },
  en: {
    replace: 'Replace', set: 'Set', title: 'A new key',
    hint: 'The service is asked about the new key at once. What it refuses is not stored, and the old one goes on working. An empty field stays as it is.',
    stays: 'now', takeOut: 'Take out', takenOut: 'It will be taken out', store: 'Check and store', asking: 'The service is asked…', cancel: 'Cancel',
    refused: 'The key was refused, nothing was stored.', what: 'Replacing the key', done: 'The key is replaced and works.',
  },
};

/** Another secret in place of a kept one. What is typed is sent once and forgotten; nothing of it is shown again. */
export function ReplaceSecret({ secret }: { secret: Secret }) {
  const texts = useTexts(TEXTS);
  const names = useKeyNames();
  const [isOpen, setOpen] = useState(false);
  const [isDone, setDone] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const open = () => {
    setDone(false);
    setOpen(true);
    dialog.current?.showModal();
  };
  const stored = () => {
    setDone(true);
    dialog.current?.close();
  };
  const name = names.neighbours[secret.name];
  const act = secret.configured ? texts.replace : texts.set;
  return (
    <>
      <span className="row">
        <span role="status" className="good">{isDone && `✓ ${texts.done}`}</span>
        <button type="button" aria-label={`${act}: ${name}`} onClick={open}>{act}</button>
      </span>
      <dialog ref={dialog} className="secret" aria-label={`${texts.title}: ${name}`} onClose={() => setOpen(false)}>
        {isOpen && <Form secret={secret} texts={texts} onStored={stored} onCancel={() => dialog.current?.close()} />}
      </dialog>
    </>
  );
}

interface Properties {
  secret: Secret;
  texts: Words;
  onStored: () => void;
  onCancel: () => void;
}

function Form({ secret, texts, onStored, onCancel }: Properties) {
  const names = useKeyNames();
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [takenOut, setTakenOut] = useState<readonly string[]>([]);
  const put = api.useMutation('put', '/api/admin/secrets/{neighbour}', {
    onSuccess: () => {
      void queries.invalidateQueries();
      onStored();
    },
  });
  const change = Object.fromEntries([
    ...FIELDS[secret.name].flatMap((field) => (typed[field]?.trim() ? [[field, typed[field].trim()] as const] : [])),
    ...takenOut.map((field) => [field, null] as const),
  ]) as Schemas['SecretChange'];
  const error: unknown = put.error;
  const problems = error instanceof Failure && error.status === 400 ? (error.said.details ?? []) : [];
  const send = () => put.mutate({ params: { path: { neighbour: secret.name } }, body: change });
  const turn = (field: string, isOut: boolean) => setTakenOut(isOut ? [...takenOut, field] : takenOut.filter((each) => each !== field));
  return (
    <form className="stack" autoComplete="off" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <h2>{texts.title}: {names.neighbours[secret.name]}</h2>
      <p className="quiet">{texts.hint}</p>
      <Problems value={problems}>
        {secret.fields.map(({ name, is_set, last_four }) => {
          const isOut = takenOut.includes(name);
          const now = last_four ? `${texts.stays} …${last_four}` : undefined;
          return (
            <div key={name} className="secret-field">
              <Field path={name} label={names.fields[name] ?? name} hint={isOut ? texts.takenOut : now}>
                {(control) => (
                  <input
                    {...control} type="password" autoComplete="new-password" spellCheck={false} disabled={isOut} value={typed[name] ?? ''}
                    onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
                  />
                )}
              </Field>
              {is_set && LEAVABLE.includes(name) && (
                <label><input type="checkbox" checked={isOut} onChange={(event) => turn(name, event.target.checked)} /> {texts.takeOut}</label>
              )}
            </div>
          );
        })}
      </Problems>
      {problems.length > 0 && <p className="failed" role="alert">✕ {texts.refused}</p>}
      {error !== null && problems.length === 0 && <Failed what={texts.what} error={error} />}
      <div className="row">
        <button type="submit" className="main" disabled={put.isPending || Object.keys(change).length === 0}>
          {put.isPending ? texts.asking : texts.store}
        </button>
        <button type="button" onClick={onCancel}>{texts.cancel}</button>
      </div>
    </form>
  );
}
