/** The words of a project's and a finding's state, in their order. */
import type { Authority, Decision, FindingKind, Severity, Status } from '$lib/api/types';

export const STATUSES: readonly Status[] = [
  'proposed',
  'planned',
  'approved',
  'running',
  'finished',
  'handed_over',
  'halted',
  'cancelled',
  'tender_failed'
];

/** Those that can be reported on: work has or may have begun. */
const REPORTABLE: ReadonlySet<Status> = new Set([
  'planned',
  'approved',
  'running',
  'finished',
  'halted'
]);

export function isReportable(status: Status): boolean {
  return REPORTABLE.has(status);
}

export const AUTHORITIES: readonly Authority[] = ['village', 'works_office', 'ministry'];
export const SEVERITIES: readonly Severity[] = ['alert', 'review', 'note'];
export const FINDING_KINDS: readonly FindingKind[] = [
  'duplicate',
  'place_outside_village',
  'outside_country',
  'stacked_coordinates',
  'many_alerts'
];
export const DECISIONS: readonly Decision[] = [
  'same_work',
  'different_works',
  'lawful_split',
  'next_phase',
  'upkeep',
  'wrong_coordinate',
  'need_visit'
];
/** What can be said of a finding about one place. */
export const PLACE_DECISIONS: readonly Decision[] = ['wrong_coordinate', 'need_visit'];

/** The stages at which a work is photographed, in percent. */
const STAGES = [0, 50, 100] as const;

/** The stage that a percentage is; null between the stages. */
export function stageOf(percent: number): string | null {
  return STAGES.some((stage) => stage === percent) ? `${percent} %` : null;
}
