/** Finding one of all villages by what somebody types. Pure; some 10 ms for 10,000 villages. */
import type { Boundary } from './features';

type Village = Boundary['properties'];

/**
 * Every word must stand in the name, the district or the code, so that of many namesakes the district or the code finds
 * the one. Names that begin with what was typed come first. `more` counts those beyond `most`.
 */
export function findVillages(
  boundaries: readonly Boundary[],
  text: string,
  most: number
): { items: Village[]; more: number } {
  const asked = fold(text);
  const whole = asked.replaceAll(' ', '');
  const words = asked.split(' ').filter(Boolean);
  const all = boundaries
    .map(({ properties }) => properties)
    .filter((one) => {
      const text = `${fold(one.name)} ${fold(one.district)} ${one.code}`;
      // A name is also found written together: "sumber jeruk" for Sumberjeruk.
      return words.every((word) => text.includes(word)) || together(one.name).includes(whole);
    })
    .sort(
      (a, b) =>
        Number(together(b.name) === whole) - Number(together(a.name) === whole) ||
        Number(together(b.name).startsWith(whole)) - Number(together(a.name).startsWith(whole)) ||
        a.name.localeCompare(b.name) ||
        a.code.localeCompare(b.code)
    );
  return { items: all.slice(0, most), more: Math.max(0, all.length - most) };
}

function fold(text: string): string {
  return text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

function together(text: string): string {
  return fold(text).replaceAll(' ', '');
}
