/** What the stories share: a page whose console must stay silent, the program, the mails, a border. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type APIRequestContext, type Page } from '@playwright/test';
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import PostalMime from 'postal-mime';

export { expect };

/** Every story fails on an error in the page's console: a refused script or style, a broken component. */
export const test = base.extend<{ silent: void }>({
  silent: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on('pageerror', (error) => said.push(error.message));
      page.on('console', (message) => {
        // A refusal of the API is part of many stories, an answer that is cut off of some (Playwright's abort); the browser
        // reports each as an error too.
        const isRefusal =
          /Failed to load resource: (the server responded with a status of 4|net::ERR_FAILED)/.test(
            message.text()
          );
        // Playwright's own trace would run in the frame of a mail, which can do nothing.
        const isTrace = /^Blocked script execution in '[^']*\/preview'/.test(message.text());
        if (message.type() === 'error' && !isRefusal && !isTrace) said.push(message.text());
      });
      await use();
      expect(said, 'errors in the console').toEqual([]);
    },
    { auto: true }
  ]
});

/** Signs in beside the page, which stays where it is: two pages less to draw than by the form. */
export async function signIn(page: Page, login: string): Promise<void> {
  const answer = await page.request.post('/api/v1/session', {
    data: { login, password: 'demo-tapak' }
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Signs in as a person does: for stories in which it matters what the page does then. */
export async function signInByForm(page: Page, login: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Nama pengguna').fill(login);
  await page.getByLabel('Kata sandi').fill('demo-tapak');
  await page.getByRole('button', { name: 'Masuk', exact: true }).click();
  await expect(page).toHaveURL(/\/(\?|$)/);
}

/** The address of each page that shows works or findings, with one of each; for who is signed in and may see both. */
export async function everyPage(request: APIRequestContext): Promise<string[]> {
  const first = async (path: string) => {
    const answer = await request.get(`/api/v1${path}?limit=1`);
    return ((await answer.json()) as { items: { id: string }[] }).items[0]?.id;
  };
  const project = await first('/projects');
  const finding = await first('/findings');
  return [
    '/',
    '/projects',
    '/projects/new',
    `/projects/${project}`,
    `/projects/${project}/correct`,
    `/projects/${project}/report`,
    '/findings',
    `/findings/${finding}`,
    '/messages',
    '/admin'
  ];
}

type Listed<Item> = { items: Item[] };

/** A project of the sample data with a photo. */
export async function findPhoto(
  request: APIRequestContext
): Promise<{ project: string; photo: string }> {
  const list = await request.get('/api/v1/projects?limit=200');
  for (const project of ((await list.json()) as Listed<{ id: string }>).items) {
    const answer = await request.get(`/api/v1/projects/${project.id}/reports`);
    const { items } = (await answer.json()) as Listed<{ photos: { id: string }[] }>;
    const photo = items.flatMap((report) => report.photos)[0];
    if (photo) return { project: project.id, photo: photo.id };
  }
  throw new Error('the sample data have photos');
}

/** The path of a file that the server keeps of a photo. */
export function photoFile(part: 'originals' | 'derived', name: string): string {
  const folder = join(process.env.TAPAK_DATA ?? '', 'photos', part);
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(name)
  );
  if (!found) throw new Error(`no file ${name} in ${folder}`);
  return join(folder, found);
}

/** The program on the command line, on the server's own database. */
export function tapak(...args: string[]): string {
  return execFileSync(process.env.TAPAK_E2E_BIN ?? 'tapak', args, { encoding: 'utf8' });
}

export function fileOf(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tapak-e2e-file-')), name);
  writeFileSync(path, text);
  return path;
}

/** Imports the official boundaries where the shared data is; else the drawn ones of the sample stay. */
export function importBoundaries(): 'official' | 'schematic' {
  const data = process.env.TAPAK_TEST_DATA;
  if (!data) return 'schematic';
  for (const name of ['banyuwangi', 'neighbours']) {
    tapak('import', 'villages', join(data, 'boundaries', `${name}.geojson`));
  }
  return 'official';
}

type Village = { id: string; code: string; name: string; district: string };
export type Border = { west: Village; east: Village; line: Position[] };

const METRES = 111_320;

/**
 * A stretch of 120 m or more that two villages have as their border, and 400 m or more from every work: what is
 * registered there has only its own double beside it.
 */
export async function findBorder(request: APIRequestContext): Promise<Border> {
  const villages = await features<Village>(request, '/villages/boundaries');
  const works = await features<{ centre: Position | null }>(request, '/map/projects?limit=5000');
  const taken = works.flatMap((work) => work.properties.centre ?? []);
  const isFree = (at: Position) => {
    for (let i = 0; i < taken.length; i += 2) {
      if (metres(at, [taken[i] ?? 0, taken[i + 1] ?? 0]) < 400) return false;
    }
    return true;
  };
  // The accounts of the demo answer for Banyuwangi.
  const own = villages.filter((village) => village.properties.code.startsWith('35.10.'));
  const rings = own.map((village) => ({ village, ring: outer(village.geometry) }));
  for (const { village: one, ring } of rings) {
    for (let i = 0; i + 1 < ring.length; i += 1) {
      const [a, b] = [ring[i] ?? [], ring[i + 1] ?? []];
      const length = metres(a, b);
      if (length < 120 || length > 400 || !isFree(a) || !isFree(b)) continue;
      const other = rings.find(
        ({ village, ring: theirs }) =>
          village !== one && [a, b, half(a, b)].every((at) => distance(at, theirs) < 10)
      );
      if (other) {
        const line = [a, half(a, b), b];
        return { west: one.properties, east: other.village.properties, line };
      }
    }
  }
  throw new Error('no border without works on it');
}

async function features<P>(
  request: APIRequestContext,
  path: string
): Promise<Feature<Polygon | MultiPolygon, P>[]> {
  const answer = await request.get(`/api/v1${path}`);
  expect(answer.ok()).toBe(true);
  const found = (await answer.json()) as FeatureCollection<Polygon | MultiPolygon, P>;
  return found.features;
}

function outer(geometry: Polygon | MultiPolygon): Position[] {
  return (
    (geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.coordinates[0]?.[0]) ?? []
  );
}

function half([x = 0, y = 0]: Position, [u = 0, v = 0]: Position): Position {
  return [(x + u) / 2, (y + v) / 2];
}

/** On a plane at 8° south: good to a few per mille over the lengths here. */
function metres([x = 0, y = 0]: Position, [u = 0, v = 0]: Position): number {
  return Math.hypot((x - u) * METRES * Math.cos((8.3 * Math.PI) / 180), (y - v) * METRES);
}

function distance(at: Position, ring: Position[]): number {
  let least = Infinity;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [a, b] = [ring[i] ?? [], ring[i + 1] ?? []];
    const [[x = 0, y = 0], [ax = 0, ay = 0], [bx = 0, by = 0]] = [at, a, b];
    const along =
      ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1);
    const t = Math.min(1, Math.max(0, along));
    least = Math.min(least, metres(at, [ax + t * (bx - ax), ay + t * (by - ay)]));
  }
  return least;
}

export type Mail = { to: string; subject: string; text: string; pictures: number };

/** The mails that arrived by SMTP so far. */
export async function mails(): Promise<Mail[]> {
  const folder = process.env.TAPAK_E2E_MAIL ?? '';
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  return Promise.all(
    files.map(async (name) => {
      const mail = await PostalMime.parse(readFileSync(join(folder, name)));
      return {
        to: mail.to?.map((one) => one.address ?? '').join(', ') ?? '',
        subject: mail.subject ?? '',
        text: mail.text ?? '',
        pictures: mail.attachments.filter((part) => part.mimeType === 'image/png').length
      };
    })
  );
}
