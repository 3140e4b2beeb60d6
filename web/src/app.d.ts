import type { Problem } from '$lib/api/problem';

declare global {
  namespace App {
    interface Error {
      message: string;
      /** what the server refused */
      problem?: Problem;
    }
    interface PageState {
      /** what was just done, said once by the page that follows */
      saved?: 'new' | 'correct' | 'undo';
    }
  }
}
export {};
