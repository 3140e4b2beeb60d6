/** Days and moments as people read them: `23 Nov 2026`, `16.42 WIB`, `3 hari lalu`. */
import { language, localeOf, type Language } from '$lib/i18n/language.svelte';

/** Works lie in western Indonesia unless the server says otherwise; the zone is named. */
const ZONE = { name: 'Asia/Jakarta', short: 'WIB' };
const DAY_MS = 86_400_000;

/** A civil day, `YYYY-MM-DD`: never shifted by a zone. */
export function formatDay(day: string, as: Language = language()): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return spell(date, as, 'UTC');
}

/** `23 Nov 2026, 16.42 WIB` */
export function formatMoment(moment: string, as: Language = language()): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  return `${spell(date, as, ZONE.name)}, ${formatClock(moment, as)}`;
}

/** `16.42 WIB` (English `16:42 WIB`) */
export function formatClock(moment: string | Date, as: Language = language()): string {
  const clock = new Intl.DateTimeFormat(localeOf(as), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: ZONE.name
  }).format(new Date(moment));
  return `${clock} ${ZONE.short}`;
}

/** Up to a week relative (`3 hari lalu`), then the day. */
export function formatAgo(moment: string, now: Date, as: Language = language()): string {
  const date = new Date(moment);
  const ms = now.getTime() - date.getTime();
  if (Number.isNaN(ms)) return moment;
  if (ms < 0 || ms >= 7 * DAY_MS) return spell(date, as, ZONE.name);
  const relative = new Intl.RelativeTimeFormat(localeOf(as), { numeric: 'auto' });
  const say = (count: number, unit: Intl.RelativeTimeFormatUnit) =>
    // CLDR says "3 hari yang lalu"; people say it shorter.
    relative.format(-Math.floor(count), unit).replace(' yang lalu', ' lalu');
  if (ms < 60_000) return relative.format(0, 'second');
  if (ms < 3_600_000) return say(ms / 60_000, 'minute');
  if (ms < DAY_MS) return say(ms / 3_600_000, 'hour');
  return say(ms / DAY_MS, 'day');
}

/** Today where the person is, as a civil day. */
export function today(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function spell(date: Date, as: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(localeOf(as), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone
  }).format(date);
}
