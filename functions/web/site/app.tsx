// Which page an address shows. Pages beyond the first are loaded when somebody goes there.

import { lazy, Suspense, useSyncExternalStore } from 'react';
import { Route, Switch } from 'wouter';
import { api, queries } from '~/api/client';
import { accessToken, subscribe } from '~/api/session';
import { Frame } from '~/layout/frame';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { Main } from '~/pages/main/main';
import { NotThere } from '~/pages/not-there';
import { SignIn } from '~/pages/sign-in';
import { PersonContext, useIsAdmin } from '~/view/person';

const Cabinet = lazy(() => import('~/pages/cabinet/cabinet'));
const Sales = lazy(() => import('~/pages/sales/sales'));
const SalePage = lazy(() => import('~/pages/sales/sale'));
const Settings = lazy(() => import('~/pages/settings/settings'));
const Admin = lazy(() => import('~/pages/admin/admin'));

export function App() {
  const isSignedIn = useSyncExternalStore(subscribe, () => accessToken() !== null);
  if (!isSignedIn) {
    queries.clear();
    return <SignIn />;
  }
  return <SignedIn />;
}

function SignedIn() {
  const me = api.useQuery('get', '/api/auth/me', {}, { staleTime: Infinity });
  if (me.error) return <main className="alone"><Failed error={me.error} again={me.refetch} /></main>;
  if (!me.data) return <main className="alone"><Waiting lines={3} /></main>;
  return (
    <PersonContext value={me.data.user}>
      <Frame>
        <Suspense fallback={<Waiting lines={8} />}>
          <Pages />
        </Suspense>
      </Frame>
    </PersonContext>
  );
}

function Pages() {
  const isAdmin = useIsAdmin();
  return (
    <Switch>
      <Route path="/" component={Main} />
      <Route path="/traffic/cabinet/:team" component={Cabinet} />
      <Route path="/sales" component={Sales} />
      <Route path="/sales/:id" component={SalePage} />
      {isAdmin && <Route path="/settings/:section?" component={Settings} />}
      {isAdmin && <Route path="/admin/:page?/:id?" component={Admin} />}
      <Route component={NotThere} />
    </Switch>
  );
}
