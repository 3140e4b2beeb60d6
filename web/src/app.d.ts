declare global {
  namespace App {
    interface PageState {
      /** what was just done, said once by the page that follows */
      saved?: 'new' | 'correct' | 'undo';
    }
  }
}
export {};
