// Nobody loses what is not saved by going elsewhere: a click on a link, the browser's "back" and closing the tab all ask first.

import { useEffect, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useTexts, type Texts } from '~/view/language';
import { guardBack } from '~/view/leaving';

interface Words {
  title: string;
  what: string;
  stay: string;
  leave: string;
}

const TEXTS: Texts<Words> = {
  ru: { title: 'Изменения не сохранены', what: 'Если уйти, они пропадут.', stay: 'Остаться', leave: 'Уйти без сохранения' },
  en: { title: 'Changes are not saved', what: 'They are lost if you leave.', stay: 'Stay', leave: 'Leave without saving' },
};

export function LeaveGuard({ isChanged }: { isChanged: boolean }) {
  const texts = useTexts(TEXTS);
  const [path, navigate] = useLocation();
  const search = useSearch();
  const [target, setTarget] = useState<string | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!isChanged) return;
    const here = search ? `${path}?${search}` : path;
    const ask = (to: string) => {
      setTarget(to);
      dialog.current?.showModal();
    };
    const clicked = (event: MouseEvent) => {
      const link = (event.target as Element | null)?.closest('a');
      if (!link?.href || link.target || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      const to = new URL(link.href);
      if (to.origin !== location.origin || to.pathname === path) return;
      event.preventDefault();
      event.stopPropagation();
      ask(to.pathname + to.search);
    };
    const wentBack = (event: PopStateEvent) => {
      const to = location.pathname + location.search;
      if (location.pathname === path) return;
      // The browser has gone already: it is brought back before the page hears of it.
      event.stopImmediatePropagation();
      history.pushState(null, '', here);
      ask(to);
    };
    const closing = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('click', clicked, true);
    const unguard = guardBack(wentBack);
    addEventListener('beforeunload', closing);
    return () => {
      removeEventListener('click', clicked, true);
      unguard();
      removeEventListener('beforeunload', closing);
    };
  }, [isChanged, path, search]);
  return (
    <dialog ref={dialog} aria-labelledby="leave-title" onClose={() => setTarget(null)}>
      <div className="stack">
        <h2 id="leave-title">{texts.title}</h2>
        <p>{texts.what}</p>
        <div className="row">
          <button type="button" className="main" onClick={() => dialog.current?.close()}>{texts.stay}</button>
          <button type="button" className="danger" onClick={() => { if (target !== null) navigate(target); }}>{texts.leave}</button>
        </div>
      </div>
    </dialog>
  );
}
