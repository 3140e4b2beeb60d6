/** Posts in words. */
import type { Held, Holder, Post, Role } from '$lib/api/types';
import { formatDay } from '$lib/domain/dates';
import { line } from '$lib/domain/lists';
import { t } from '$lib/i18n';

export const ROLES: Role[] = [
  'officer',
  'village_secretary',
  'village_head',
  'district_officer',
  'inspector',
  'administrator'
];

type Grant = { role: Role; region_code: string | null; region_name: string | null };

/** A role with its region. */
export function grantWords(grant: Grant): string {
  const region = grant.region_name ?? grant.region_code ?? t('people.everywhere');
  return line([t(`common.role.${grant.role}`), region]);
}

/** What somebody holds: what the office calls it, or role and region; how, where it is not simply theirs. */
export function heldWords(held: Held): string {
  const how = held.capacity === 'holder' ? null : t(`people.capacity.${held.capacity}`);
  return line([how, held.name, grantWords(held)]);
}

/** A post by its name, or by what it gives. */
export function postWords(post: Post): string {
  return post.name ?? post.grants.map(grantWords).join('; ');
}

/** From which day to which somebody holds a post. */
export function termWords(holder: Holder): string {
  return line([
    t('people.fromDay', { day: formatDay(holder.first_day) }),
    holder.last_day && t('people.toDay', { day: formatDay(holder.last_day) })
  ]);
}

/** Whether somebody holds it now or will. */
export function isCurrent(holder: Holder, now: Date): boolean {
  return holder.until === null || new Date(holder.until) > now;
}
