import { useSyncExternalStore } from 'react';
import { remembered } from '../app/remembered.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const choice = remembered<Theme>('hookline.theme', THEMES, 'system');
const SYSTEM_IS_DARK = '(prefers-color-scheme: dark)';
/** Listened to and never read: Chromium does not tell of a change that was read before it was told (13 of 40 on a busy machine). */
const system = matchMedia(SYSTEM_IS_DARK);

/** What is shown now: the choice, or what the system prefers. */
function shown(): 'light' | 'dark' {
  const theme = choice.get();
  if (theme !== 'system') return theme;
  return matchMedia(SYSTEM_IS_DARK).matches ? 'dark' : 'light';
}

/** Puts the theme on the document, now and at every change of the choice or the system. Called once, before the first paint. */
export function followTheme(): void {
  const apply = (): void => {
    document.documentElement.dataset['theme'] = shown();
  };
  apply();
  choice.subscribe(apply);
  system.addEventListener('change', apply);
}

export function useTheme(): readonly [theme: Theme, choose: (theme: Theme) => void] {
  return [useSyncExternalStore(choice.subscribe, choice.get), choice.set];
}

/** `light` or `dark`, for what cannot read CSS variables: charts and the editor. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore((changed) => {
    const stop = choice.subscribe(changed);
    system.addEventListener('change', changed);
    return () => {
      stop();
      system.removeEventListener('change', changed);
    };
  }, shown);
}
