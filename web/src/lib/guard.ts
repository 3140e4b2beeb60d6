/** Whom a page is for. Who is not let in finds the error page, which says what to do. */
import { error } from '@sveltejs/kit';
import type { Action, User } from '$lib/api/types';
import { t } from '$lib/i18n';
import { session } from '$lib/session.svelte';

/** Called first in the `load` of a page; gives who is signed in. */
export async function allowed(parent: () => Promise<unknown>, action: Action): Promise<User> {
  await parent(); // the session is known then
  if (session.state === 'away') throw session.problem;
  if (!session.user) error(401, t('common.signInFirst'));
  if (!session.may(action)) error(403, t('shell.error.notYours'));
  return session.user;
}
