/** What a project's page tells in words. */
import type { Project } from '$lib/api/types';
import { formatDay } from '$lib/domain/dates';
import { formatDistance } from '$lib/domain/distance';
import { line } from '$lib/domain/lists';
import { formatRupiah } from '$lib/domain/money';
import { formatNumber } from '$lib/domain/numbers';
import { t } from '$lib/i18n';
import { resolve } from '$app/paths';

type Fact = { term: string; value: string | null; link?: string | null };

export function factsOf(project: Project): Fact[] {
  const optional = (key: string, value: string | null, link: string | null = null): Fact[] =>
    value === null ? [] : [{ term: t(key), value, link }];
  return [
    {
      term: t('projects.budget'),
      value: project.budget_rupiah === null ? null : formatRupiah(project.budget_rupiah)
    },
    { term: t('projects.activity'), value: project.activity_code },
    {
      term: t('projects.authority'),
      value: project.authority && t(`common.authority.${project.authority}`)
    },
    { term: t('projects.executor'), value: project.executor },
    {
      term: t('projects.volume'),
      value:
        project.volume === null
          ? null
          : `${formatNumber(project.volume, 2)} ${project.volume_unit ?? ''}`.trim()
    },
    { term: t('projects.dates'), value: datesOf(project) },
    { term: t('projects.address'), value: addressOf(project) },
    ...optional('projects.owner', project.owner),
    ...optional('projects.programme', project.programme),
    ...optional('projects.agreement', project.agreement),
    ...optional(
      'projects.continues',
      project.continues?.title ?? null,
      project.continues && resolve(`/projects/${project.continues.id}`)
    ),
    ...optional('projects.absorbed', line(project.absorbed.map((one) => one.title)) || null),
    ...optional(
      'projects.references',
      line(project.references.map((one) => `${one.source}: ${one.external_id}`)) || null
    )
  ];
}

function datesOf({ start_on: start, finish_on: finish }: Project): string | null {
  if (start && finish) return `${formatDay(start)} – ${formatDay(finish)}`;
  if (start) return t('projects.from', { day: formatDay(start) });
  return finish ? t('projects.until', { day: formatDay(finish) }) : null;
}

function addressOf({ hamlet, rt, rw }: Project): string | null {
  return (
    line([
      hamlet && t('projects.hamletOf', { hamlet }),
      rt && t('projects.rtOf', { rt }),
      rw && t('projects.rwOf', { rw })
    ]) || null
  );
}

/** "In", "near the border of" or "not in": never a hard yes. */
export function placeOf(project: Project): string {
  const { place, footprint } = project;
  if (!place) return t(footprint ? 'projects.place.unknown' : 'projects.place.none');
  const village = place.village ?? project.village;
  return t(`projects.place.${place.relation}`, {
    village: village.name,
    district: village.district,
    own: project.village.name,
    distance: formatDistance(place.distance_m)
  });
}
