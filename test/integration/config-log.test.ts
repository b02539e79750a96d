import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logAttempt } from '../../src/deliver/log-attempt.js';
import { prepare } from '../../src/deliver/prepare/prepare.js';
import type { Recorded } from '../../src/deliver/record/record.js';
import type { Claimed } from '../../src/deliver/stages.js';
import { createLogger } from '../../src/observe/log.js';

const CLAIMED: Claimed = {
  deliveryId: 'd1',
  webhookId: 'w1',
  userId: 'u1',
  position: 1,
  leaseId: 'l1',
  leaseUntil: 0,
  messageId: 'm1',
  eventType: 'video.generated',
  url: 'http://127.0.0.1/hidden',
  isStoredUrl: true,
  secrets: ['hidden'],
  algorithm: 'sha256',
  timeoutMs: 1_000,
  isOrdered: false,
  attempt: 1,
  payload: { text: '{"name": "hidden"}' },
};

describe('the log', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-log-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const logged = (write: (log: ReturnType<typeof createLogger>) => void, level = 'info'): string => {
    const file = join(folder, `${Math.random()}.log`);
    write(createLogger(level, file));
    return readFileSync(file, 'utf8');
  };

  it('redacts secrets, tokens and payloads, also inside objects', () => {
    const text = logged((log) => {
      log.info({ secret: 'hidden', config: { serviceKey: 'hidden', databaseUrl: 'postgres://u:hidden@h/d' } }, 'a');
      log.info(
        { req: { headers: { authorization: 'Bearer hidden' } }, delivery: { payload: { name: 'hidden' } } },
        'b',
      );
    });
    expect(text).not.toContain('hidden');
    expect(text.match(/\[redacted\]/g)).toHaveLength(5);
  });

  it('leaves out of an error what a driver adds to it: rows and statements', () => {
    const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(hidden) exists.' });
    const line: Record<string, unknown> = JSON.parse(logged((log) => log.error({ err: error }, 'failed')));
    expect(line['err']).toMatchObject({ message: 'duplicate key', code: '23505' });
    expect(JSON.stringify(line)).not.toContain('hidden');
  });

  it.each([
    ['retrying', 'info'],
    ['failed', 'warn'],
  ] as const)('names the error of an attempt whose delivery is %s, at %s', (status, level) => {
    const outcome = { kind: 'unanswered', code: 'connection_refused', message: 'refused', timeMs: 3 } as const;
    const recorded: Recorded = {
      isRecorded: true,
      status,
      nextRetryAt: null,
      isStopped: false,
    };
    const text = logged((log) => logAttempt(log, { prepared: prepare(CLAIMED, 0), outcome }, recorded));
    const line: Record<string, unknown> = JSON.parse(text);
    expect(line).toMatchObject({
      level,
      msg: 'delivery.attempted',
      error_code: 'connection_refused',
      outcome: status,
    });
    expect(text).not.toContain('hidden');
  });

  it('takes an error under the key error by its own fields, too', () => {
    const error = Object.assign(new Error('failed'), { detail: 'hidden' });
    const text = logged((log) => log.error({ error }, 'failed'));
    expect(text).not.toContain('hidden');
    expect(JSON.parse(text)).toMatchObject({ error: { message: 'failed' } });
  });

  it('keeps to its level', () => {
    expect(logged((log) => log.info('quiet'), 'warn')).toBe('');
  });
});
