// The frame of all admin pages: links between them, and the one that the address names.

import './admin.css';

import { lazy, Suspense, useEffect, useRef } from 'react';
import { Link, useParams } from 'wouter';
import { NotThere } from '~/pages/not-there';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';

const PAGES = {
  overview: lazy(() => import('./overview').then(({ Overview }) => ({ default: Overview }))),
  diagnostics: lazy(() => import('./diagnostics').then(({ Diagnostics }) => ({ default: Diagnostics }))),
  tokens: lazy(() => import('./tokens').then(({ Tokens }) => ({ default: Tokens }))),
  reconciliation: lazy(() => import('./reconciliation').then(({ Reconciliation }) => ({ default: Reconciliation }))),
  incidents: lazy(() => import('./incidents').then(({ Incidents }) => ({ default: Incidents }))),
  events: lazy(() => import('./events').then(({ Events }) => ({ default: Events }))),
  'dead-letters': lazy(() => import('./dead-letters').then(({ DeadLetters }) => ({ default: DeadLetters }))),
  'utm-check': lazy(() => import('./utm-check').then(({ UtmCheck }) => ({ default: UtmCheck }))),
  notifications: lazy(() => import('./notifications').then(({ Notifications }) => ({ default: Notifications }))),
  audit: lazy(() => import('./audit').then(({ Audit }) => ({ default: Audit }))),
  explain: lazy(() => import('./explain').then(({ Explain }) => ({ default: Explain }))),
};
const OneEvent = lazy(() => import('./event').then(({ EventPage }) => ({ default: EventPage })));

type Page = keyof typeof PAGES;

interface Words {
  title: string;
  pages: Record<Page, string>;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Админ-панель',
    pages: {
      overview: 'Обзор', diagnostics: 'Диагностика', tokens: 'Ключи доступа', reconciliation: 'Сверка', incidents: 'Происшествия',
      events: 'События', 'dead-letters': 'Застрявшие сообщения', 'utm-check': 'Проверка UTM', notifications: 'Уведомления',
      audit: 'Кто что менял', explain: 'Чья это продажа',
    },
  },
  en: {
    title: 'Admin panel',
    pages: {
      overview: 'Overview', diagnostics: 'Diagnostics', tokens: 'Access keys', reconciliation: 'Reconciliation', incidents: 'Incidents',
      events: 'Events', 'dead-letters': 'Stuck messages', 'utm-check': 'UTM check', notifications: 'Notifications',
      audit: 'Who changed what', explain: 'Whose sale is it',
    },
  },
};

function isPage(name: string): name is Page {
  return Object.hasOwn(PAGES, name);
}

export default function Admin() {
  const texts = useTexts(TEXTS);
  const { page = 'overview', id } = useParams();
  const isKnown = isPage(page) && (id === undefined || page === 'events');
  if (!isKnown) return <NotThere />;
  const Shown = id === undefined ? PAGES[page] : OneEvent;
  return (
    <>
      <header className="page-head"><h1>{texts.title}: {texts.pages[page]}</h1></header>
      <Links titles={texts.pages} label={texts.title} here={page} />
      <div className="admin-page"><Suspense fallback={<Waiting lines={8} height={400} />}><Shown /></Suspense></div>
    </>
  );
}

function Links({ titles, label, here }: { titles: Record<Page, string>; label: string; here: Page }) {
  const view = useViewSearch();
  const current = useRef<HTMLAnchorElement>(null);
  // On a phone the line of links is longer than the screen: the current one is brought into it.
  useEffect(() => current.current?.scrollIntoView({ block: 'nearest', inline: 'center' }), [here]);
  return (
    <nav className="admin-links" aria-label={label}>
      {(Object.keys(PAGES) as Page[]).map((page) => (
        <Link
          key={page} ref={page === here ? current : undefined} href={page === 'overview' ? `/admin${view}` : `/admin/${page}${view}`}
          aria-current={page === here ? 'page' : undefined}
        >
          {titles[page]}
        </Link>
      ))}
    </nav>
  );
}
