import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from '../../src/config/redis-url.js';
import { loadConfig } from '../../src/config.js';
import { startHooklineProcess } from '../harness/hookline-process.js';

describe('REDIS_URL', () => {
  it.each([
    ['redis://localhost', { nodes: [{ host: 'localhost', port: 6379 }], isTls: false, db: 0 }],
    [
      'rediss://app:p%40ss%2C@cache.example.com:6380/2',
      { nodes: [{ host: 'cache.example.com', port: 6380 }], isTls: true, username: 'app', password: 'p@ss,', db: 2 },
    ],
    ['redis://:secret@[::1]:7000', { nodes: [{ host: '::1', port: 7000 }], username: undefined, password: 'secret' }],
    [
      'redis://:secret@a:7000,b:7001,[fd00::1]',
      {
        nodes: [
          { host: 'a', port: 7000 },
          { host: 'b', port: 7001 },
          { host: 'fd00::1', port: 6379 },
        ],
        password: 'secret',
      },
    ],
  ])('takes %s', (url, settings) => {
    expect(loadConfig({ DATABASE_URL: 'postgres://localhost/app', REDIS_URL: url }).redisUrl).toBe(url);
    expect(parseRedisUrl(url)).toMatchObject(settings);
  });

  it.each([
    'http://hidden.example.com',
    'hidden:6379',
    'redis://',
    'redis://hidden:port',
    'redis://hidden:99999',
    'redis://hidden/one',
    'redis://hidden?family=6',
    'redis://hidden/0/1',
    'redis://user:p%zz@hidden',
    'redis://hidden,other:secret@second',
    'redis://hidden,second/1',
  ])('refuses %s, says what it takes and repeats nothing of it', (url) => {
    expect(() => loadConfig({ REDIS_URL: url })).toThrow(/REDIS_URL takes a URL such as redis:/);
    expect(() => loadConfig({ REDIS_URL: url })).not.toThrow(/hidden|secret/);
  });

  it('needs PostgreSQL', async () => {
    const started = startHooklineProcess(['start'], { PORT: '0', REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await started.ended()).toBe(1);
    expect(started.output()).toContain('REDIS_URL is set, but DATABASE_URL is not.');
    expect(started.output()).toContain('Code:  invalid_config');
  });
});
