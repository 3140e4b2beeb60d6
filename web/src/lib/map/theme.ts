/** Follows the theme in force: `data-theme` on the page, else what the device prefers. */
import { dark, light, type Palette } from './palette';

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'dark' || chosen === 'light') return chosen === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

/** Calls `apply` now and at each change; gives back what ends it. */
export function followPalette(apply: (palette: Palette) => void): () => void {
  const update = () => apply(isDark() ? dark : light);
  const device = matchMedia('(prefers-color-scheme: dark)');
  const page = new MutationObserver(update);
  page.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  device.addEventListener('change', update);
  update();
  return () => {
    page.disconnect();
    device.removeEventListener('change', update);
  };
}
