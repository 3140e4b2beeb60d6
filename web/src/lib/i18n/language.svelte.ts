/** The language of the page: Indonesian by default, English by a switch; kept on this device. */
export type Language = 'id' | 'en';

const KEPT = 'tapak.language';

function kept(): Language {
  try {
    return localStorage.getItem(KEPT) === 'en' ? 'en' : 'id';
  } catch {
    return 'id'; // no storage, or no browser (tests)
  }
}

let chosen = $state<Language>(kept());

export function language(): Language {
  return chosen;
}

export function speak(next: Language): void {
  chosen = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // It then holds for this visit.
  }
}

/** The locale whose numbers and dates belong to a language. */
export function localeOf(one: Language): string {
  return one === 'id' ? 'id-ID' : 'en-GB';
}
