/** Distances and how good a position is. */
import { language, type Language } from '$lib/i18n/language.svelte';
import { formatNumber } from './numbers';

/** `12 m`, `1,4 km`; below ten metres still whole: no device knows better. */
export function formatDistance(metres: number, as: Language = language()): string {
  // 999,6 m is a kilometre.
  if (Math.round(metres) < 1000) return `${formatNumber(metres, 0, as)} m`;
  const kilometres = metres / 1000;
  return `${formatNumber(kilometres, kilometres < 100 ? 1 : 0, as)} km`;
}

export type Accuracy = 'good' | 'fair' | 'poor';

/** In words: up to 10 m one sees the work, up to 30 m the place, beyond only the neighbourhood. */
export function accuracyOf(metres: number): Accuracy {
  if (metres <= 10) return 'good';
  return metres <= 30 ? 'fair' : 'poor';
}
