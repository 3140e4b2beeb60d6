import type { HandleClientError } from '@sveltejs/kit';
import { Problem } from '$lib/api/problem';

/** What the error page shows of what a page's `load` threw. A refusal of the server is no fault of the page. */
export const handleError: HandleClientError = ({ error, message, status }) => {
  if (error instanceof Problem) return { message: error.detail, problem: error };
  if (status !== 404) console.error(error);
  return { message };
};
