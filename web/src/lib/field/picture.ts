/** A chosen file, before it becomes a photo of a report. */

/**
 * Whether this browser can open it as a picture. Only its head is read: all of a large photo decoded is more than an old
 * telephone has room for, and the server looks at the rest.
 */
export async function isPicture(file: Blob): Promise<boolean> {
  const address = URL.createObjectURL(file);
  const picture = new Image();
  const isOpened = await new Promise<boolean>((answer) => {
    picture.onload = () => answer(true);
    picture.onerror = () => answer(false);
    picture.src = address;
  });
  URL.revokeObjectURL(address);
  return isOpened;
}

/** What tells one chosen file from another; a hash would need an https address. */
export function markOf(file: File): string {
  return `${file.name}|${file.size}|${file.lastModified}`;
}
