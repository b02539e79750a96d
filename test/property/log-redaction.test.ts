import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Logger } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/observe/log.js';

/** Of letters and digits alone, so that no escape hides it from the test; and of none that the names and words below are made of. */
const secret = fc.stringMatching(/^[A-Z0-9]{24}$/).map((text) => `zq${text}`);

const SENSITIVE = [
  ...[
    'secret',
    'webhook_secret',
    'retired_secrets',
    'MODELRIVER_WEBHOOK_SECRET',
    'token',
    'accessToken',
    'verification_token',
  ],
  ...[
    'password',
    'PLANETSCALE_PASSWORD',
    'apiKey',
    'api_key',
    'x-api-key',
    'service_key',
    'private_key',
    'signing_keys',
  ],
  ...['Authorization', 'proxy-authorization', 'Cookie', 'set-cookie', 'headers', 'custom_headers', 'requestHeaders'],
  ...[
    'payload',
    'request_payload',
    'customer_data',
    'body',
    'rawBody',
    'response_body',
    'databaseUrl',
    'connection_string',
  ],
];
const HARMLESS = ['a', 'info', 'config', 'delivery', 'items', 'err', 'error', 'cause', '0', 'toString'];

const harmlessValue = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant('fine'),
  fc.constant(undefined),
);

/** Texts that give the secret away by their form, whatever they stand under. */
const telling = (text: string) =>
  fc.constantFrom(
    `https://user:${text}@host.example/path`,
    `call to https://${text}:x@host.example failed`,
    `https://host.example/hook?token=${text}`,
    `https://host.example/hook?a=1&b=${text}#c`,
    `https://host.example/hook#${text}`,
    `https://us"er:${text}@host.example/`,
    `https://a@b@${text}@host.example/`,
    `postgres://hookline_login:${text}@db/app`,
    `rediss://:${text}@redis:6380`,
    `GET /hook?api_key=${text} was refused`,
    `Authorization: Bearer ${text}`,
    `authorization: basic ${text}==`,
    `hk_${text}`,
    `key hkp_${text}, say`,
    `whsec_${text}`,
    `eyJ${text}.${text}.${text}`,
  );

/** A value with the secret somewhere in it: under a name that says so, or in a text whose form does. */
const guilty = (text: string): fc.Arbitrary<unknown> => {
  const { value } = fc.letrec<{ value: unknown; named: unknown; object: unknown }>((tie) => ({
    named: fc
      .tuple(
        fc.constantFrom(...SENSITIVE),
        fc.constantFrom<unknown>(text, [text], { deep: { [text]: text } }, Buffer.from(text)),
      )
      .map(([name, it]) => ({ [name]: it })),
    object: fc
      .tuple(fc.dictionary(fc.constantFrom(...HARMLESS), harmlessValue), fc.constantFrom(...HARMLESS), tie('value'))
      .map(([others, name, it]) => ({ ...others, [name]: it })),
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      tie('named'),
      telling(text),
      tie('object'),
      tie('value').map((it) => [1, it]),
      telling(text).map((message) => new Error(message)),
      telling(text).map((message) => new Error('outer', { cause: new TypeError(message) })),
      telling(text).map((message) =>
        Object.assign(new Error('failed'), { detail: text, where: message, payload: text }),
      ),
    ),
  }));
  return value;
};

describe('the log', () => {
  let folder: string;
  let file: string;
  let log: Logger;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-redaction-'));
    file = join(folder, 'log');
    log = createLogger('trace', file);
  });
  beforeEach(() => truncateSync(file));
  afterAll(() => rmSync(folder, { recursive: true }));

  const logged = (write: () => void): string => {
    truncateSync(file);
    write();
    return readFileSync(file, 'utf8');
  };

  it('never holds a secret, wherever in a line it stands', () => {
    const given = secret.chain((text) => fc.tuple(fc.constant(text), guilty(text)));
    fc.assert(
      fc.property(given, ([text, value]) => {
        for (const write of [
          () => log.warn({ it: value }, 'a line'),
          () => log.info(value instanceof Error || typeof value !== 'object' ? { value } : { ...value }, 'a line'),
          () => log.error({ err: value }),
          () => log.child({ it: value }).info('a line'),
          () => log.child({ a: 1 }).child({ it: value }).info({ b: 2 }, 'a line'),
          () => (typeof value === 'string' ? log.info(value) : log.info(value instanceof Error ? value : { value })),
        ]) {
          const line = logged(write);
          expect(line).not.toContain(text);
          expect(() => JSON.parse(line)).not.toThrow();
        }
      }),
      { numRuns: 400 },
    );
  });

  it('quotes neither PostgreSQL nor JSON.parse about a value', () => {
    const error = Object.assign(new Error('invalid input syntax for type uuid: "zqHIDDEN"'), {
      code: '22P02',
      severity: 'ERROR',
    });
    expect(logged(() => log.error({ err: error }, 'refused'))).not.toContain('zqHIDDEN');
    const thrown = (): unknown => {
      try {
        return JSON.parse('{"a": zqHIDDEN}');
      } catch (caught) {
        return caught;
      }
    };
    expect(logged(() => log.error({ err: thrown() }))).not.toContain('zqHIDDEN');
  });

  it('ends where an object holds itself, or an error its own cause', () => {
    const round: Record<string, unknown> = { secret: 'zqHIDDEN' };
    round['again'] = round;
    const error = new Error('round');
    error.cause = error;
    expect(logged(() => log.info({ round, err: error }, 'a line'))).not.toContain('zqHIDDEN');
  });

  it('leaves alone what is no secret', () => {
    const fields = { delivery_id: 'd1', host: 'host.example:8443', ms: 12, event_type: 'token.issued', for_s: 3 };
    const { time, ...line } = JSON.parse(
      logged(() => log.info(fields, 'delivery attempted: 3? yes = no; see https://host.example/path')),
    );
    expect(time).toEqual(expect.any(String));
    expect(line).toEqual({
      level: 'info',
      pid: process.pid,
      ...fields,
      msg: 'delivery attempted: 3? yes = no; see https://host.example/path',
    });
  });
});
