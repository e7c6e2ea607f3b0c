// What an admin decides: neighbours and their keys, whose a sale is, what is a sale, and what is told to whom.

import './settings.css';

import { useEffect, useRef } from 'react';
import { Link, useParams } from 'wouter';
import { NotThere } from '~/pages/not-there';
import { useTexts, type Texts } from '~/view/language';
import { useViewSearch } from '~/view/view';
import { AlertsTab } from './alerts';
import { FacebookTab } from './facebook';
import { KeysTab } from './keys';
import { NotificationsTab } from './notifications';
import { PaymentStagesTab } from './payment-stages';
import { ProductsTab } from './products';
import { TeamsTab } from './teams';

const TABS = {
  facebook: FacebookTab,
  keys: KeysTab,
  teams: TeamsTab,
  products: ProductsTab,
  'payment-stages': PaymentStagesTab,
  notifications: NotificationsTab,
  alerts: AlertsTab,
} as const;

type Tab = keyof typeof TABS;

const TEXTS: Texts<{ title: string; sections: string; tabs: Record<Tab, string> }> = {
  ru: {
    title: 'Настройки', sections: 'Разделы настроек',
    tabs: {
      facebook: 'Facebook', keys: 'Ключи', teams: 'Команды', products: 'Продукты', 'payment-stages': 'Этапы оплаты',
      notifications: 'Тексты сообщений', alerts: 'Оповещения',
    },
  },
  en: {
    title: 'Settings', sections: 'Sections of the settings',
    tabs: {
      facebook: 'Facebook', keys: 'Keys', teams: 'Teams', products: 'Products', 'payment-stages': 'Payment stages',
      notifications: 'Message texts', alerts: 'Alerts',
    },
  },
};

function isTab(name: string): name is Tab {
  return Object.hasOwn(TABS, name);
}

export default function Settings() {
  const texts = useTexts(TEXTS);
  const view = useViewSearch();
  const { section = 'facebook' } = useParams<{ section?: string }>();
  const current = useRef<HTMLAnchorElement>(null);
  // On a phone the line of tabs is longer than the screen: the current one is brought into it.
  useEffect(() => current.current?.scrollIntoView({ block: 'nearest', inline: 'center' }), [section]);
  if (!isTab(section)) return <NotThere />;
  const Shown = TABS[section];
  return (
    <div className="settings">
      <header className="page-head"><h1>{texts.title}</h1></header>
      <nav className="settings-tabs" aria-label={texts.sections}>
        {(Object.keys(TABS) as Tab[]).map((tab) => (
          <Link
            key={tab} ref={tab === section ? current : undefined} href={`/settings/${tab}${view}`}
            aria-current={tab === section ? 'page' : undefined}
          >
            {texts.tabs[tab]}
          </Link>
        ))}
      </nav>
      <Shown key={section} />
    </div>
  );
}
