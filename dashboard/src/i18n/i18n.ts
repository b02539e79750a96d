import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { remembered } from '../app/remembered.js';
import type { Strings } from './strings.js';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Strings };
    enableSelector: false;
  }
}

/** `first`: of the first page and the frame; `rest`: of the other pages, loaded with the first of them. */
type Part = 'first' | 'rest';

const LOADERS: Record<Language, Record<Part, () => Promise<{ readonly default: object }>>> = {
  en: { first: () => import('./en/first.js'), rest: () => import('./en/rest.js') },
  'zh-CN': { first: () => import('./zh/first.js'), rest: () => import('./zh/rest.js') },
};
const wanted = new Set<Part>(['first']);
const loaded = new Set<string>();

const choice = remembered<Language>('hookline.language', LANGUAGES, preferred());

/** The first of the browser's languages that there is; English else. */
function preferred(): Language {
  for (const language of navigator.languages) {
    if (/^zh\b/i.test(language)) return 'zh-CN';
    if (/^en\b/i.test(language)) return 'en';
  }
  return 'en';
}

/** Loads what the first page says, in the language that this browser chose. */
export async function startI18n(): Promise<void> {
  const language = choice.get();
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await loadWanted(language);
  document.documentElement.lang = language;
}

/** Loads what the other pages say, too, once. */
export async function loadAllStrings(): Promise<void> {
  wanted.add('rest');
  await loadWanted(choice.get());
}

/** Loads a language, shows it, and remembers it. */
export async function changeLanguage(language: Language): Promise<void> {
  await loadWanted(language);
  choice.set(language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

async function loadWanted(language: Language): Promise<void> {
  const missing = [...wanted].filter((part) => !loaded.has(`${language} ${part}`));
  await Promise.all(
    missing.map(async (part) => {
      const strings = (await LOADERS[language][part]()).default;
      i18next.addResourceBundle(language, 'translation', strings, true);
      loaded.add(`${language} ${part}`);
    }),
  );
}
