/**
 * The photos of a draft, kept in this browser until the server has them: in IndexedDB, by the photo's id. The draft
 * lists its photos, so nobody is shown those of another. Where the browser keeps nothing, nothing is promised.
 */
import { createStore, delMany, entries, getMany, set } from 'idb-keyval';

type Row = { blob: Blob; /** milliseconds since 1970 */ at: number };

const photos = createStore('tapak.drafts', 'photos');
/** As long as a draft. */
const MOST_MS = 30 * 86_400_000;

/** False where the browser has no room, or keeps nothing. */
export async function keepPicture(id: string, file: Blob, at = Date.now()): Promise<boolean> {
  try {
    // A chosen file may be a pointer only, gone when the file is: its bytes are kept.
    const blob = new Blob([await file.arrayBuffer()], { type: file.type });
    await set(id, { blob, at } satisfies Row, photos);
    return true;
  } catch {
    return false;
  }
}

/** In the order asked for; null where there is none. */
export async function keptPictures(ids: readonly string[]): Promise<(Blob | null)[]> {
  try {
    const rows = await getMany<Row>([...ids], photos);
    return rows.map((row) => row?.blob ?? null);
  } catch {
    return ids.map(() => null);
  }
}

export async function forgetPictures(ids: readonly string[]): Promise<void> {
  try {
    await delMany([...ids], photos);
  } catch {
    // Nothing was kept then.
  }
}

/** Lets go what nobody came back to. */
export async function sweepPictures(now = Date.now()): Promise<void> {
  try {
    const all = await entries<string, Row>(photos);
    await forgetPictures(all.filter(([, row]) => now - row.at > MOST_MS).map(([id]) => id));
  } catch {
    // The next visit may.
  }
}
