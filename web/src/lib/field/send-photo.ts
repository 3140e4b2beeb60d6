/** The bytes of one photo to the server, with what has left so far: fetch does not say it, XMLHttpRequest does. */
import { BASE, problemOf } from '$lib/api/client';
import { language } from '$lib/i18n';

/** A line on which nothing moves for so long is as good as none. */
const STALLED_MS = 60_000;

export function sendPhoto(id: string, file: Blob, onsent: (bytes: number) => void): Promise<void> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout>;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED_MS);
    };
    const end = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    request.open('PUT', `${BASE}/photos/${id}/original`);
    request.setRequestHeader(
      'Content-Type',
      file.type.startsWith('image/') ? file.type : 'image/jpeg'
    );
    request.setRequestHeader('Accept-Language', language());
    request.upload.onprogress = (event) => {
      alive();
      onsent(event.loaded);
    };
    request.onload = () =>
      end(() => {
        // Only the receipt counts: the bytes are on the server's disk.
        if (request.status >= 200 && request.status < 300) done();
        else failed(problemOf(request.status, request.responseText));
      });
    request.onerror = () => end(() => failed(problemOf(0, '')));
    request.onabort = () => end(() => failed(problemOf(0, '')));
    alive();
    request.send(file);
  });
}
