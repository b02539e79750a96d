import { HooklineError } from '../../errors.js';

/** The rules of public.webhooks by their names: the field, and what it has to be. */
const RULES: Readonly<Record<string, readonly [field: string, rule: string]>> = {
  valid_url: ['url', 'starts with http:// or https://'],
  valid_url_length: ['url', 'has at most 8192 bytes'],
  valid_description_length: ['description', 'has at most 65536 bytes'],
  valid_metadata_length: ['metadata', 'has at most 65536 bytes'],
  valid_name: ['name', 'has 1 to 255 characters'],
  valid_signature_algorithm: ['signature_algorithm', 'is sha256 or sha512'],
  valid_max_retries: ['max_retries', 'is 0 to 10'],
  valid_retry_delay: ['retry_delay_seconds', 'is 1 to 3600'],
  valid_timeout: ['timeout_seconds', 'is 1 to 300'],
  valid_rate_limit: ['rate_limit_per_second', 'is 1 to 10000'],
  valid_rate_limit_burst: ['rate_limit_burst', 'is 1 to 10000'],
  valid_ordering_key_path: ['ordering_key_path', 'is a JSON pointer (RFC 6901) of at most 255 bytes, /customer/id say'],
};

/** Gives what a write of webhooks gives; of a broken rule it throws `invalid_parameter` with the field, other errors as they are. */
export async function namingFields<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const [field, rule] = ruleOf(error) ?? [];
    if (field === undefined || rule === undefined) throw error;
    throw invalidField(field, rule, error);
  }
}

/** Throws `invalid_url` for what no call can be made to. */
export function checkUrl(url: string): void {
  const is = URL.canParse(url) ? new URL(url) : undefined;
  if (is?.protocol === 'http:' || is?.protocol === 'https:') return;
  const detail = 'is no URL that begins with http:// or https://';
  throw new HooklineError('invalid_url', `url ${detail}.`, {
    hint: 'Example: https://api.example.com/webhooks/video',
    findings: [{ pointer: '/url', detail }],
  });
}

function ruleOf(error: unknown): readonly [string, string] | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, constraint } = error as Error & Record<'code' | 'constraint', unknown>;
  // The name is the only text that is bounded by its column.
  if (code === '22001') return RULES['valid_name'];
  return code === '23514' && typeof constraint === 'string' ? RULES[constraint] : undefined;
}

function invalidField(field: string, rule: string, cause: unknown): HooklineError {
  return new HooklineError('invalid_parameter', `${field} ${rule}.`, {
    findings: [{ pointer: `/${field}`, detail: rule }],
    cause,
  });
}
