/** Whom a page is for: called first in its `load`. Who is not let in finds the error page, which says what to do. */
import { error } from '@sveltejs/kit';
import type { User } from '$lib/api/types';
import { t } from '$lib/i18n';
import { session } from '$lib/session.svelte';

type Parent = () => Promise<unknown>;

export async function signedIn(parent: Parent): Promise<User> {
  await parent(); // the session is known then
  if (session.state === 'away') throw session.problem;
  return session.user ?? error(401, t('common.signInFirst'));
}

export async function administrator(parent: Parent): Promise<void> {
  await signedIn(parent);
  if (!session.readsJobs) error(403, t('admin.notYours'));
}
