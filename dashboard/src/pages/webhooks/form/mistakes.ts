import { readObject } from '../../../ui/json-text.js';
import { type Field, type NumberField, RANGES, type SettingsDraft } from './draft.js';

/** What is wrong with a field before anything is sent; its name is that of its text. */
export type Mistake = 'nameMissing' | 'urlMissing' | 'urlWrong' | 'number' | 'json';
export type Mistakes = Partial<Record<Field, Mistake>>;

const MAY_BE_EMPTY: readonly NumberField[] = ['rate_limit_per_second', 'rate_limit_burst'];

/** The mistakes of a draft that can be told without the server. */
export function mistakesOf(draft: SettingsDraft): Mistakes {
  const numbers = (Object.keys(RANGES) as NumberField[]).filter((field) => !isInRange(draft[field].trim(), field));
  const url = draft.url.trim();
  return {
    ...(draft.name.trim() === '' && { name: 'nameMissing' as const }),
    ...(url === '' ? { url: 'urlMissing' as const } : !isCallable(url) && { url: 'urlWrong' as const }),
    ...Object.fromEntries(numbers.map((field) => [field, 'number' as const])),
    ...(readObject(draft.metadata).kind !== 'object' && { metadata: 'json' as const }),
  };
}

function isInRange(text: string, field: NumberField): boolean {
  if (text === '') return MAY_BE_EMPTY.includes(field);
  const [least, most] = RANGES[field];
  return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
}

function isCallable(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

/** What there is to say of a URL that can be called: it is not encrypted, or leads where only an operator's leave does. */
export function remarkOn(url: string): 'private' | 'plain' | undefined {
  if (!isCallable(url.trim())) return undefined;
  const { protocol, hostname } = new URL(url.trim());
  if (isPrivate(hostname)) return 'private';
  return protocol === 'http:' ? 'plain' : undefined;
}

function isPrivate(host: string): boolean {
  if (/^(localhost|.*\.(localhost|local|internal)|\[(::1?|f[cd].*|fe80.*)\])$/i.test(host)) return true;
  return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/.test(
    host,
  );
}
