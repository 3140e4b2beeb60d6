/** How the backups stand, of which the administration page speaks. */
import type { Backups } from '$lib/api/types';

/** A nightly one older than this was missed: a day and a half, as `tapak doctor` has it. */
const OLD_S = 36 * 3600;

export type Standing = 'fresh' | 'old' | 'failed' | 'never';

export function standing({ last, last_whole, age_s }: Backups): Standing {
  if (last?.error) return 'failed';
  if (last_whole === null) return 'never';
  return age_s !== null && age_s > OLD_S ? 'old' : 'fresh';
}
