import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { signOut } from '~/api/session';
import { useTexts, type Texts } from '~/view/language';
import { useIsAdmin, usePerson } from '~/view/person';
import { usePreference } from '~/view/preferences';
import { useViewSearch } from '~/view/view';
import { Icon, type IconName } from './icon';

interface Words {
  pages: string;
  main: string;
  sales: string;
  settings: string;
  admin: string;
  fold: string;
  unfold: string;
  signOut: string;
  theme: string;
  themes: { system: string; light: string; dark: string };
  other: string;
  more: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    pages: 'Страницы', main: 'Воронка', sales: 'Продажи', settings: 'Настройки', admin: 'Админ-панель',
    fold: 'Свернуть меню', unfold: 'Развернуть меню', signOut: 'Выйти', theme: 'Тема',
    themes: { system: 'как в системе', light: 'светлая', dark: 'тёмная' }, other: 'English', more: 'Ещё',
  },
  en: {
    pages: 'Pages', main: 'Funnel', sales: 'Sales', settings: 'Settings', admin: 'Admin panel',
    fold: 'Fold the menu', unfold: 'Unfold the menu', signOut: 'Sign out', theme: 'Theme',
    themes: { system: 'system', light: 'light', dark: 'dark' }, other: 'Русский', more: 'More',
  },
};

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const;

export function Sidebar() {
  const texts = useTexts(TEXTS);
  const person = usePerson();
  const isAdmin = useIsAdmin();
  const view = useViewSearch();
  const [sidebar, setSidebar] = usePreference('sidebar');
  const [theme, setTheme] = usePreference('theme');
  const [language, setLanguage] = usePreference('language');
  const [isMoreOpen, setMoreOpen] = useState(false);
  const close = () => setMoreOpen(false);
  const isFolded = sidebar === 'folded';
  return (
    <nav className="sidebar" aria-label={texts.pages} data-more={isMoreOpen ? 'open' : undefined}>
      <div className="brand"><Icon name="brand" /><b>Traffic Dashboard</b></div>
      <ul>
        <Item to={`/${view}`} path="/" icon="funnel" title={texts.main} onGo={close} />
        <Item to={`/sales${view}`} path="/sales" icon="sales" title={texts.sales} onGo={close} />
        {person.teams.map((team) => (
          <Item
            key={team.id} className="of-team" to={`/traffic/cabinet/${team.id}${view}`} path={`/traffic/cabinet/${team.id}`}
            emoji={team.emoji} title={team.title} onGo={close}
          />
        ))}
        {isAdmin && <Item to="/settings" path="/settings" icon="settings" title={texts.settings} onGo={close} />}
        {isAdmin && <Item to="/admin" path="/admin" icon="admin" title={texts.admin} onGo={close} />}
      </ul>
      <button type="button" className="more plain" aria-expanded={isMoreOpen} onClick={() => setMoreOpen(!isMoreOpen)}>
        <Icon name="more" /><span>{texts.more}</span>
      </button>
      <div className="sidebar-foot">
        <p className="who quiet" title={person.email ?? ''}>{person.email}</p>
        <button type="button" className="plain" onClick={() => setTheme(NEXT_THEME[theme])}>
          <Icon name="theme" /><span>{texts.theme}: {texts.themes[theme]}</span>
        </button>
        <button type="button" className="plain" lang={language === 'ru' ? 'en' : 'ru'} onClick={() => setLanguage(language === 'ru' ? 'en' : 'ru')}>
          <Icon name="language" /><span>{texts.other}</span>
        </button>
        <button type="button" className="plain" onClick={() => void signOut()}>
          <Icon name="out" /><span>{texts.signOut}</span>
        </button>
        <button
          type="button" className="plain fold" aria-expanded={!isFolded} aria-label={isFolded ? texts.unfold : texts.fold}
          onClick={() => setSidebar(isFolded ? 'open' : 'folded')}
        >
          <Icon name="fold" /><span>{texts.fold}</span>
        </button>
      </div>
    </nav>
  );
}

interface ItemProperties {
  to: string;
  path: string;
  title: string;
  icon?: IconName;
  emoji?: string;
  className?: string;
  onGo: () => void;
}

function Item({ to, path, title, icon, emoji, className, onGo }: ItemProperties) {
  const [at] = useLocation();
  const isHere = path === '/' ? at === '/' : at === path || at.startsWith(`${path}/`);
  return (
    <li className={className}>
      <Link href={to} aria-current={isHere ? 'page' : undefined} title={title} onClick={onGo}>
        {icon ? <Icon name={icon} /> : <i className="icon" aria-hidden="true">{emoji}</i>}
        <span>{title}</span>
      </Link>
    </li>
  );
}
