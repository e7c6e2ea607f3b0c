// The keys of every page: arrows step the period, `/` searches, `?` lists them.

import { useEffect, useRef } from 'react';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';

interface Words {
  title: string;
  close: string;
  keys: readonly (readonly [string, string])[];
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Клавиши', close: 'Закрыть',
    keys: [['←  →', 'период раньше, позже'], ['/', 'поиск на странице'], ['?', 'этот список'], ['Esc', 'закрыть']],
  },
  en: {
    title: 'Keys', close: 'Close',
    keys: [['←  →', 'period before, after'], ['/', 'search on the page'], ['?', 'this list'], ['Esc', 'close']],
  },
};

const TYPED_INTO = 'input, textarea, select, [contenteditable], [role=tablist] *, dialog[open] *, canvas';

export function Keys() {
  const texts = useTexts(TEXTS);
  const { step } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as Element | null;
      if (event.ctrlKey || event.metaKey || event.altKey || target?.closest(TYPED_INTO)) return;
      // Within something that scrolls sideways, arrows scroll.
      if (event.key.startsWith('Arrow') && target?.closest('.scroll')) return;
      const act = {
        ArrowLeft: () => step(-1),
        ArrowRight: () => step(1),
        '/': () => document.querySelector<HTMLInputElement>('[data-search]')?.focus(),
        '?': () => dialog.current?.showModal(),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [step]);
  return (
    <dialog ref={dialog} aria-labelledby="keys-title" className="keys">
      <h2 id="keys-title">{texts.title}</h2>
      <dl>
        {texts.keys.map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}
      </dl>
      <form method="dialog"><button type="submit">{texts.close}</button></form>
    </dialog>
  );
}
