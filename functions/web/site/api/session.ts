// Who is signed in on this machine: the tokens, kept for all tabs of this browser, and their silent renewal.

import type { components } from './schema';

type Session = components['schemas']['Session'];

const KEPT = 'session';

/** Told when somebody signs in or out, in this tab or another. */
const listeners = new Set<() => void>();

function read(): Session | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}

function tell() {
  for (const listener of listeners) listener();
}

export function keep(session: Session) {
  localStorage.setItem(KEPT, JSON.stringify(session));
  tell();
}

/** `ended` is why, where nobody asked for it; the page of signing in says so. */
export function forget(ended = false) {
  if (ended) sessionStorage.setItem('ended', 'true');
  localStorage.removeItem(KEPT);
  tell();
}

/** Whether the last session ended by itself. */
export function hasEnded(): boolean {
  return sessionStorage.getItem('ended') === 'true';
}

export function accessToken(): string | null {
  return read()?.access_token ?? null;
}

export function subscribe(listener: () => void): () => void {
  const ofOtherTab = (event: StorageEvent) => event.key === KEPT && listener();
  listeners.add(listener);
  addEventListener('storage', ofOtherTab);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', ofOtherTab);
  };
}

/**
 * Has the API renew a token that it refused; false once the session is over. One tab asks for all: a refused token that
 * another has renewed meanwhile is renewed.
 */
export async function renew(refused: string | null): Promise<boolean> {
  return navigator.locks.request('renew', async () => {
    const held = read();
    if (!held) return false;
    if (held.access_token !== refused) return true;
    const response = await fetch('/api/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: held.refresh_token }),
    });
    if (response.ok) {
      keep({ ...held, ...((await response.json()) as Session) });
      return true;
    }
    // Anything else than a refusal is trouble that passes: the session stays.
    if (response.status === 400 || response.status === 401) forget(true);
    return false;
  });
}

export async function signOut() {
  const token = accessToken();
  forget();
  if (token) await fetch('/api/auth/logout', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
}

/** What came of trying to sign in: the status of a refusal, or nothing. */
export async function signIn(email: string, password: string): Promise<number | null> {
  const response = await fetch('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) return response.status;
  sessionStorage.removeItem('ended');
  keep((await response.json()) as Session);
  return null;
}
