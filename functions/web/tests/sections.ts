// The sections of the settings beside the page: as the API holds them, changed by somebody else, and put back after a test.

import type { APIRequestContext } from '@playwright/test';
import { ADMIN, BASE_URL, ask, expect, session, test as plain } from './stack';

type Name = 'teams' | 'products' | 'payment_stages' | 'ad_accounts' | 'notifications' | 'alerts';

interface Section<V> {
  version: number;
  value: V;
}

export interface Team {
  id: string;
  title: string;
  color: string;
  emoji: string;
  patterns: { text: string; matching: 'word' | 'anywhere' }[];
  ad_accounts: string[];
}

export function section<V>(request: APIRequestContext, name: Name): Promise<Section<V>> {
  return ask<Section<V>>(request, ADMIN, `/api/admin/settings/${name}`);
}

/** Saves a section as another admin would, over whatever stands there. */
export async function store(request: APIRequestContext, name: Name, value: unknown): Promise<void> {
  const { version } = await section(request, name);
  const { access_token } = await session(request, ADMIN);
  const answer = await request.put(`${BASE_URL}/api/admin/settings/${name}`, {
    headers: { authorization: `Bearer ${access_token}` }, data: { version, value },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

interface Fixtures {
  /** The sections that a test changes. */
  changes: Name[];
  restored: void;
}

export const test = plain.extend<Fixtures>({
  changes: [[], { option: true }],
  restored: [async ({ request, changes }, use) => {
    const before = await Promise.all(changes.map(async (name) => ({ name, value: (await section(request, name)).value })));
    await use();
    for (const { name, value } of before) await store(request, name, value);
  }, { auto: true }],
});
