/** The bytes of one photo to the server, with what has left so far. */
import { sendBytes } from '$lib/api/send-bytes';

export async function sendPhoto(
  id: string,
  file: Blob,
  onsent: (bytes: number) => void
): Promise<void> {
  const type = file.type.startsWith('image/') ? file.type : 'image/jpeg';
  await sendBytes(`/photos/${id}/original`, file, { type, onsent });
}
