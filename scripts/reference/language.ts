export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same said in English and in Chinese. */
export type Told = readonly [en: string, zh: string];

/** A page in one language. */
export type Tell = (told: Told) => string;

export function teller(language: Language): Tell {
  return language === 'en' ? ([en]) => en : ([, zh]) => zh;
}
