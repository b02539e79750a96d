import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toHooklineError } from '../../src/db/sql-errors.js';
import { HooklineError } from '../../src/errors.js';
import { isAway, LoopLog, loopLogOf } from '../../src/observe/outage.js';
import { captureLog } from '../harness/captured-log.js';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const denied = Object.assign(new Error('permission denied'), { code: '42501', severity: 'ERROR' });
const AT_ONCE = { repeatMs: 60_000, quietMs: 0 };

function watched(times = AT_ONCE) {
  const captured = captureLog();
  return { log: new LoopLog(captured.log, times), lines: captured.lines };
}

describe('what loops tell of their failures', () => {
  // The clock is ours.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is one line for all of them while the database is away, and one when it is back', () => {
    const { log, lines } = watched();
    for (let n = 0; n < 1_000; n += 1) {
      log.failed('claiming.failed', refused);
      log.failed('heartbeat.failed', new HooklineError('database_unavailable', undefined, { cause: refused }));
    }
    expect(lines('database.away')).toMatchObject([
      { level: 'warn', what: 'claiming.failed', err: { code: 'ECONNREFUSED' } },
    ]);
    log.worked('heartbeat.failed');
    log.worked('claiming.failed');
    expect(lines('database.back')).toEqual([expect.objectContaining({ level: 'info', failures: 2_000, for_s: 0 })]);
    log.failed('claiming.failed', refused);
    expect(lines('database.away')).toHaveLength(2);
  });

  it('is repeated while it lasts, with how often and for how long', () => {
    const { log, lines } = watched({ repeatMs: 20, quietMs: 0 });
    log.failed('claiming.failed', refused);
    log.failed('claiming.failed', refused);
    vi.advanceTimersByTime(25);
    log.failed('claiming.failed', refused);
    log.failed('claiming.failed', refused);
    expect(lines('database.away')).toHaveLength(1);
    expect(lines('database.still_away')).toEqual([expect.objectContaining({ failures: 3, for_s: 0 })]);
  });

  it('does not end and begin anew where some work gets through', () => {
    const { log, lines } = watched({ repeatMs: 60_000, quietMs: 60_000 });
    for (let n = 0; n < 100; n += 1) {
      log.failed('claiming.failed', refused);
      log.worked('heartbeat.failed');
    }
    expect(lines('database.away')).toHaveLength(1);
    expect(lines('database.back')).toEqual([]);
  });

  it('of anything else is each its own, at its level', () => {
    const { log, lines } = watched();
    for (let n = 0; n < 3; n += 1) {
      log.failed('replays.failed', denied, {}, 'error');
      log.failed('recording.failed', denied, { results: 7 });
    }
    log.worked('recording.failed');
    expect(lines('replays.failed')).toMatchObject([{ level: 'error', err: { code: '42501' } }]);
    expect(lines('recording.failed')).toMatchObject([{ level: 'warn', results: 7 }]);
    expect(lines('recording.failed: over')).toMatchObject([{ failures: 3 }]);
    expect(lines('replays.failed: over')).toEqual([]);
    expect(lines('database.away')).toEqual([]);
  });

  it('is nothing while nothing is wrong', () => {
    const { log, lines } = watched();
    log.worked('claiming.failed');
    expect([...lines('database.back'), ...lines('claiming.failed: over')]).toEqual([]);
  });

  it('is shared by all loops over a database', () => {
    const [db, captured] = [{}, captureLog()];
    loopLogOf(db, captured.log).failed('claiming.failed', refused);
    loopLogOf(db, captureLog().log).failed('heartbeat.failed', refused);
    loopLogOf({}, captured.log).failed('claiming.failed', refused);
    expect(captured.lines('database.away')).toHaveLength(2);
  });
});

describe('a database that is away', () => {
  it.each([
    refused,
    Object.assign(new Error('terminating connection'), { code: '57P01' }),
    Object.assign(new Error('too many connections'), { code: '53300' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new Error('timeout expired'),
    new Error('Query read timeout'),
    Object.assign(new Error('connect EHOSTUNREACH'), { code: 'EHOSTUNREACH' }),
    Object.assign(new Error('connect ENETUNREACH'), { code: 'ENETUNREACH' }),
    new HooklineError('database_unavailable', undefined, { cause: refused }),
  ])('is told by %s, to callers as well', (error) => {
    expect(isAway(error)).toBe(true);
    expect(toHooklineError(error).code).toBe('database_unavailable');
  });

  it('is told by the errors of all addresses of a host', () => {
    expect(isAway(new AggregateError([refused]))).toBe(true);
  });

  it.each([
    denied,
    new Error('no'),
    'ECONNREFUSED',
    undefined,
    Object.assign(new Error('deadlock'), { code: '40P01' }),
  ])('is not told by %s', (error) => expect(isAway(error)).toBe(false));
});
