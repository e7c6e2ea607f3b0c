// What stands around every page: the side bar (a bottom bar on a phone), the status line and the keys.

import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useTexts, type Texts } from '~/view/language';
import { usePreference } from '~/view/preferences';
import { Keys } from './keys';
import { Sidebar } from './sidebar';

const TEXTS: Texts<string> = { ru: 'К содержанию', en: 'Skip to content' };

export function Frame({ children }: { children: ReactNode }) {
  const skip = useTexts(TEXTS);
  const [sidebar] = usePreference('sidebar');
  const [path] = useLocation();
  const content = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // Somebody who went to another page is at its beginning, also with a screen reader; not when the page first opens.
    if (first.current) first.current = false;
    else content.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);
  return (
    <div className="frame" data-sidebar={sidebar}>
      <a className="skip" href="#content">{skip}</a>
      <Sidebar />
      <main id="content" ref={content} tabIndex={-1}>{children}</main>
      <Keys />
    </div>
  );
}
