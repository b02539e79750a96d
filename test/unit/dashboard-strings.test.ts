import { describe, expect, it } from 'vitest';
import en from '../../dashboard/src/i18n/en/index.js';
import zh from '../../dashboard/src/i18n/zh/index.js';

/** Names, protocols, formats (JSON Schema) and fields, which Chinese writes as English does. */
const NAMES = /\b(AI|API|Hookline|HTTP|ID|JSON|Schema|UUID|URL|Webhooks?|p\d\d|[a-z]+_[a-z_]+)\b/g;

/** All strings by their path, as `app.themes.dark`. */
function stringsOf(value: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (typeof inner === 'string') found.set(at, inner);
    else for (const [deeper, text] of stringsOf(inner, at)) found.set(deeper, text);
  }
  return found;
}

/** Chinese has one form for any number: `_other`, which i18next falls back to from the name alone. */
const SINGULAR = /_one$/;
const placeholdersOf = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*([\w.]+)[^}]*\}\}|<\/?\w+>/g)].map(([whole, name]) => name ?? whole).sort();

describe('the strings of the dashboard', () => {
  const english = stringsOf(en);
  const chinese = stringsOf(zh);

  it('are there in both languages under the same names', () => {
    const wanted = [...english.keys()].filter((name) => !SINGULAR.test(name)).sort();
    expect([...chinese.keys()].sort()).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(100);
  });

  it('have a plural for each singular', () => {
    const alone = [...english.keys()].filter(
      (name) => SINGULAR.test(name) && !english.has(name.replace(SINGULAR, '_other')),
    );
    expect(alone).toEqual([]);
  });

  it('name the same values and elements in both', () => {
    const differing = [...chinese].flatMap(([name, text]) => {
      const [there, here] = [placeholdersOf(english.get(name) ?? ''), placeholdersOf(text)];
      return there.join() === here.join() ? [] : [{ name, en: there, zh: here }];
    });
    expect(differing).toEqual([]);
  });

  it('are never empty, nor begin or end with a space that a page would have to know of', () => {
    const wrong = [...english, ...chinese].filter(([, text]) => text === '' || text !== text.trim());
    expect(wrong).toEqual([]);
  });

  it('are Chinese, but for names and formats', () => {
    const isChinese = (text: string): boolean => {
      const words = text.replace(/\{\{[^}]*\}\}/g, '').replace(NAMES, '');
      return /\p{Script=Han}/u.test(words) || !/\p{L}/u.test(words);
    };
    expect([...chinese].filter(([, text]) => !isChinese(text))).toEqual([]);
  });
});
