/** What the form holds, as texts; and how it becomes a draft or a correction of the API. Pure. */
import type {
  Authority,
  FundingLine,
  Project,
  ProjectDraft,
  Status,
  VillageRef
} from '$lib/api/types';
import { readNumber } from '$lib/domain/numbers';
import type { Footprint } from './footprint';
import { amountOf, ofAmount } from './rupiah';

export type FundRow = {
  /** for the page only: keeps a row's field when another row goes */
  key: number;
  fund: string;
  amount: string;
  budget_line: string;
  contract_number: string;
  /** not edited here, and not lost either */
  segment: FundingLine['segment'];
};

/** Typed as text and sent as it stands; what is left empty is null in the API. */
const TEXTS = [
  'activity_code',
  'executor',
  'hamlet',
  'rt',
  'rw',
  'owner',
  'start_on',
  'finish_on',
  'volume_unit'
] as const satisfies (keyof ProjectDraft & keyof Project)[];
type Text = (typeof TEXTS)[number];

export type Values = Record<Text, string> & {
  title: string;
  village: VillageRef | null;
  fiscal_year: string;
  status: Status;
  authority: Authority | '';
  volume: string;
  funding: FundRow[];
};

export type Draft = Omit<ProjectDraft, 'id'>;

export function emptyValues(year: number): Values {
  return {
    ...texts(() => ''),
    title: '',
    village: null,
    fiscal_year: String(year),
    status: 'planned',
    authority: 'village',
    volume: '',
    funding: [emptyFund(1)]
  };
}

export function emptyFund(key: number): FundRow {
  return { key, fund: '', amount: '', budget_line: '', contract_number: '', segment: null };
}

export function ofProject(project: Project): Values {
  return {
    ...texts((field) => project[field] ?? ''),
    title: project.title,
    village: project.village,
    fiscal_year: String(project.fiscal_year),
    status: project.status,
    authority: project.authority ?? '',
    volume: project.volume === null ? '' : String(project.volume).replace('.', ','),
    funding: project.funding.map((line, i) => ({
      key: i + 1,
      fund: line.fund,
      amount: ofAmount(line.amount_rupiah),
      budget_line: line.budget_line ?? '',
      contract_number: line.contract_number ?? '',
      segment: line.segment
    }))
  };
}

/** As the API takes it. Call it when `faults` finds none; until then numbers that cannot be read are left out. */
export function asDraft(values: Values, footprint: Footprint): Draft {
  return {
    ...texts((field) => words(values[field])),
    title: values.title.trim(),
    village_id: values.village?.id ?? '',
    fiscal_year: Number(values.fiscal_year),
    status: values.status,
    authority: values.authority === '' ? null : values.authority,
    volume: decimal(values.volume),
    funding: values.funding.filter(isFilled).map((row) => ({
      fund: row.fund.trim(),
      amount_rupiah: amountOf(row.amount),
      budget_line: words(row.budget_line),
      contract_number: words(row.contract_number),
      segment: row.segment
    })),
    footprint: footprint.parts.length
      ? {
          how: footprint.how,
          parts: footprint.parts.map(({ label, accuracy_m, geometry }) => ({
            label,
            accuracy_m,
            geometry: geometry as unknown as Record<string, never>
          }))
        }
      : null
  };
}

/** The draft as the live check can take it: what is still half typed is left out. */
export function checkable(draft: Draft): Draft {
  const { activity_code, start_on, finish_on } = draft;
  const isInOrder = !start_on || !finish_on || start_on <= finish_on;
  return {
    ...draft,
    activity_code: activity_code && /^\d+(\.\d+){2,3}$/.test(activity_code) ? activity_code : null,
    start_on: isInOrder ? (start_on ?? null) : null,
    finish_on: isInOrder ? (finish_on ?? null) : null,
    funding: (draft.funding ?? []).filter((line) => line.fund !== '')
  };
}

export function isFilled(row: FundRow): boolean {
  return [row.fund, row.amount, row.budget_line, row.contract_number].some(
    (text) => text.trim() !== ''
  );
}

/** A volume as it is typed; null for nothing or no number. */
export function decimal(text: string): number | null {
  const number = readNumber(text);
  return number !== null && number >= 0 ? number : null;
}

/** The fields of `now` that differ from `before`: what a correction sends. */
export function changes(before: Draft, now: Draft): Partial<Draft> {
  const changed = (Object.keys(now) as (keyof Draft)[]).filter(
    (key) => !isSame(before[key], now[key])
  );
  return Object.fromEntries(changed.map((key) => [key, now[key]]));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** The draft's fields, and the values that make them. */
const MADE_OF: Record<string, keyof Values> = { village_id: 'village' };

/**
 * Somebody else saved meanwhile: their values, with one's own changes on top. `overlap` names what both changed.
 * `before` is what the person started from, `mine` what stands in the form, `theirs` what is saved now.
 */
export function rebased(
  before: Draft,
  mine: { values: Values; draft: Draft },
  theirs: { values: Values; draft: Draft }
): { values: Values; overlap: (keyof Draft)[]; keepsFootprint: boolean } {
  const own = Object.keys(changes(before, mine.draft)) as (keyof Draft)[];
  const others = Object.keys(changes(before, theirs.draft)) as (keyof Draft)[];
  const values = { ...theirs.values };
  for (const field of own) {
    const key = MADE_OF[field] ?? (field as keyof Values);
    if (key in values) Object.assign(values, { [key]: mine.values[key] });
  }
  return {
    values,
    overlap: own.filter((field) => others.includes(field)),
    keepsFootprint: own.includes('footprint')
  };
}

function texts<T>(of: (field: Text) => T): Record<Text, T> {
  return Object.fromEntries(TEXTS.map((field) => [field, of(field)])) as Record<Text, T>;
}

function words(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
