// The API as its document describes it. An answer that is no success is thrown as a `Failure`.

import { QueryClient } from '@tanstack/react-query';
import createClient, { type Middleware } from 'openapi-fetch';
import createHooks from 'openapi-react-query';
import type { components, paths } from './schema';
import { accessToken, renew } from './session';

export type Schemas = components['schemas'];

/** What the API said in place of an answer, or that it said nothing. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly said: Partial<Schemas['Error']>,
  ) {
    super(said.message ?? `HTTP ${status}`);
  }
}

async function failure(response: Response): Promise<Failure> {
  const said = (await response.json().catch(() => ({}))) as Partial<Schemas['Error']>;
  return new Failure(response.status, said);
}

/** Asks with the token of whoever is signed in, and once more with a new one where it was refused. */
export async function ask(request: Request): Promise<Response> {
  const again = request.clone();
  const token = accessToken();
  const response = await send(request, token);
  if (response.status !== 401 || !(await renew(token))) return response;
  return send(again, accessToken());
}

async function send(request: Request, token: string | null): Promise<Response> {
  if (token) request.headers.set('authorization', `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Failure(0, {});
  }
}

const refusals: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await failure(response);
  },
};

export const client = createClient<paths>({ baseUrl: location.origin, fetch: ask });
client.use(refusals);

/** `api.useQuery('get', '/api/…', …)` and `api.useMutation`, typed by the document. */
export const api = createHooks(client);

/** A file of the API, such as a CSV. */
export async function file(path: string): Promise<Blob> {
  const response = await ask(new Request(new URL(path, location.origin)));
  if (!response.ok) throw await failure(response);
  return response.blob();
}

/** Hands a file to the person. */
export function save(content: Blob, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

const TRIES = 2;

/** What the API refused is not asked again by itself; what it could not answer is. */
function isWorthAnotherTry(tries: number, error: unknown): boolean {
  const passes = !(error instanceof Failure) || error.status === 0 || error.status >= 500 || error.status === 429;
  return passes && tries < TRIES;
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 4_000, retry: isWorthAnotherTry, refetchOnWindowFocus: true },
  },
});
