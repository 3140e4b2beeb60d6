/** Bytes to the server, with what has left so far: fetch does not say it, XMLHttpRequest does. */
import { language } from '$lib/i18n';
import { BASE, problemOf } from './client';

/** A line on which nothing moves for so long is as good as none. */
const STALLED_MS = 60_000;

type Sending = { type: string; onsent: (bytes: number) => void; signal?: AbortSignal };

/** The text of the answer. Only the receipt counts: the bytes are on the server's disk. */
export function sendBytes(path: string, file: Blob, sending: Sending): Promise<string> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout>;
    const stop = () => request.abort();
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(stop, STALLED_MS);
    };
    const end = (act: () => void) => {
      clearTimeout(timer);
      sending.signal?.removeEventListener('abort', stop);
      act();
    };
    request.open('PUT', BASE + path);
    request.setRequestHeader('Content-Type', sending.type);
    request.setRequestHeader('Accept-Language', language());
    request.upload.onprogress = (event) => {
      alive();
      sending.onsent(event.loaded);
    };
    request.onload = () =>
      end(() => {
        if (request.status >= 200 && request.status < 300) done(request.responseText);
        else failed(problemOf(request.status, request.responseText));
      });
    request.onerror = () => end(() => failed(problemOf(0, '')));
    request.onabort = () => end(() => failed(problemOf(0, '')));
    sending.signal?.addEventListener('abort', stop);
    alive();
    request.send(file);
  });
}
