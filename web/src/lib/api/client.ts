/** The one way to the server: JSON in the person's language, and refusals as `Problem`. */
import { language, t } from '$lib/i18n';
import { Problem } from './problem';

export { Problem };
export const BASE = '/api/v1';

export type Query = Record<string, string | number | null | undefined>;
export type Options = {
  signal?: AbortSignal | undefined;
  /** that of a page's `load`, which thereby knows what it rests on */
  fetch?: typeof fetch | undefined;
};

export function get<T>(path: string, query: Query = {}, options: Options = {}): Promise<T> {
  return send<T>('GET', path + asText(query), undefined, options);
}

export function post<T>(path: string, body: unknown, options: Options = {}): Promise<T> {
  return send<T>('POST', path, body, options);
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return send<T>('PATCH', path, body);
}

export function put<T = void>(path: string, body: unknown): Promise<T> {
  return send<T>('PUT', path, body);
}

export function remove(path: string): Promise<void> {
  return send<void>('DELETE', path);
}

/** The refusal that an answer's text is; also for answers that came another way (uploads). */
export function problemOf(status: number, text: string): Problem {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) {
      return new Problem(status, body as Record<string, unknown>);
    }
  } catch {
    // A proxy's page, or nothing: our own words.
  }
  return status === 0 || status >= 502
    ? new Problem(0, { code: 'away', detail: t('common.away'), expected: t('common.awayExpected') })
    : new Problem(status, { code: `http_${status}`, detail: t('common.unreadable') });
}

async function send<T>(
  method: string,
  path: string,
  body?: unknown,
  options: Options = {}
): Promise<T> {
  const headers: Record<string, string> = { 'Accept-Language': language() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(BASE + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: options.signal ?? null
    });
  } catch (reason) {
    if (options.signal?.aborted) throw reason;
    throw problemOf(0, '');
  }
  if (response.status === 204) return undefined as T;
  if (!response.ok) throw problemOf(response.status, await response.text());
  return (await response.json()) as T;
}

function asText(query: Query): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === null || value === undefined || value === '' ? [] : [[key, String(value)]]
  );
  return given.length ? `?${new URLSearchParams(given)}` : '';
}
