import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/observe/log.js';

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

  it('keeps to its level', () => {
    expect(logged((log) => log.info('quiet'), 'warn')).toBe('');
  });
});
