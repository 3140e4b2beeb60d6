/** The facts that a decision rests on, as a person reads them. */
import { knows, t } from '$lib/i18n';
import { line } from './lists';
import { formatRupiah } from './money';
import { formatNumber } from './numbers';
import { AUTHORITIES, STATUSES } from './status';

type Funding = { fund: string; amount_rupiah: number | null };

/** What a field is called; one that is newer than this page is named as the API does. */
export function nameOfFact(field: string): string {
  const key = `findings.facts.${field}`;
  return knows(key) ? t(key) : field;
}

/** One fact in words; what nobody knows is said to be unknown. */
export function shownFact(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('common.unknown');
  if (field === 'parts') return shapes(value);
  if (field === 'photo_marks') return String((value as unknown[]).length);
  if (field === 'funding') return (value as Funding[]).map(fund).join('; ') || t('common.unknown');
  if (field === 'budget_rupiah') return formatRupiah(Number(value));
  if (field === 'fiscal_year') return String(value);
  if (field === 'how') return t(`common.how.${String(value)}`);
  if (field === 'authority' && isOf(AUTHORITIES, value)) return t(`common.authority.${value}`);
  if ((field === 'void' || field === 'status') && isOf(STATUSES, value))
    return t(`common.status.${value}`);
  if (typeof value === 'number') return formatNumber(value, 2);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isOf<T extends string>(known: readonly T[], value: unknown): value is T {
  return (known as readonly unknown[]).includes(value);
}

function fund({ fund: name, amount_rupiah: amount }: Funding): string {
  return line([name, amount === null ? null : formatRupiah(amount)]);
}

/** A place by its shape and its first corner: two places read differently. */
function shapes(value: unknown): string {
  const parts = value as { geometry: { type: string; coordinates: unknown } }[];
  const told = parts.slice(0, 3).map(({ geometry }) => {
    const [lon, lat] = first(geometry.coordinates);
    return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  });
  return parts.length ? `${told.join('; ')}${parts.length > 3 ? '; …' : ''}` : t('common.unknown');
}

function first(coordinates: unknown): [number, number] {
  const [head, next] = coordinates as unknown[];
  return Array.isArray(head) ? first(head) : [Number(head), Number(next)];
}
