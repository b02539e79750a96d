import type { components } from '@hookline/client';
import { exactly } from '../../../api/exact-json.js';
import { readable } from '../../../ui/readable.js';
import type { Webhook } from '../queries.js';

/** What is typed of a webhook's settings: numbers and JSON as text, an empty text for none. */
export interface SettingsDraft {
  readonly name: string;
  readonly url: string;
  readonly description: string;
  readonly signature_algorithm: 'sha256' | 'sha512';
  readonly retry_enabled: boolean;
  readonly max_retries: string;
  readonly retry_delay_seconds: string;
  readonly timeout_seconds: string;
  readonly rate_limit_per_second: string;
  readonly rate_limit_burst: string;
  readonly is_ordered: boolean;
  readonly ordering_key_path: string;
  readonly sign_asymmetric: boolean;
  readonly metadata: string;
}
export type Field = keyof SettingsDraft;
export type ChangeDraft = (changes: Partial<SettingsDraft>) => void;

/** What a new webhook gets where nothing is said. */
export const DEFAULTS: SettingsDraft = {
  name: '',
  url: '',
  description: '',
  signature_algorithm: 'sha256',
  retry_enabled: true,
  max_retries: '3',
  retry_delay_seconds: '60',
  timeout_seconds: '30',
  rate_limit_per_second: '',
  rate_limit_burst: '',
  is_ordered: false,
  ordering_key_path: '',
  sign_asymmetric: false,
  metadata: '{}',
};

/** From the least to the greatest that each number may be. */
export const RANGES = {
  max_retries: [0, 10],
  retry_delay_seconds: [1, 3_600],
  timeout_seconds: [1, 300],
  rate_limit_per_second: [1, 10_000],
  rate_limit_burst: [1, 10_000],
} as const;
export type NumberField = keyof typeof RANGES;
const OPTIONAL = ['description', 'rate_limit_per_second', 'rate_limit_burst', 'ordering_key_path'] as const;

export function draftOf(webhook: Webhook): SettingsDraft {
  const text = (value: number | string | null): string => (value === null ? '' : String(value));
  return {
    name: webhook.name,
    url: webhook.url,
    description: text(webhook.description),
    signature_algorithm: webhook.signature_algorithm,
    retry_enabled: webhook.retry_enabled,
    max_retries: text(webhook.max_retries),
    retry_delay_seconds: text(webhook.retry_delay_seconds),
    timeout_seconds: text(webhook.timeout_seconds),
    rate_limit_per_second: text(webhook.rate_limit_per_second),
    rate_limit_burst: text(webhook.rate_limit_burst),
    is_ordered: webhook.is_ordered,
    ordering_key_path: text(webhook.ordering_key_path),
    sign_asymmetric: webhook.sign_asymmetric,
    metadata: readable(webhook.metadata),
  };
}

type Changes = components['schemas']['ChangeWebhook'];

/** What differs, as the API takes it. Of a draft without mistakes. */
export function changesOf(draft: SettingsDraft, before: SettingsDraft): Changes {
  const changed = (Object.keys(draft) as Field[]).filter((field) => draft[field] !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, settingOf(draft, field)]));
}

function settingOf(draft: SettingsDraft, field: Field): unknown {
  const value = draft[field];
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '' && OPTIONAL.some((one) => one === field)) return null;
  if (field in RANGES) return Number(text);
  return field === 'metadata' ? exactly(text) : text;
}
