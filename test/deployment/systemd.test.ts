import { expect, test } from 'vitest';
import { SHUTDOWN_WITHIN_MS } from '../../src/start/shutdown.js';
import { textOf, unknownVariables } from './files.js';

const UNIT = textOf('ops/systemd/hookline.service');

test('systemd waits for as long as a shutdown takes before it kills', () => {
  const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(UNIT)?.[1]);
  expect(seconds * 1000).toBeGreaterThan(SHUTDOWN_WITHIN_MS);
});

test('the variables of its environment file are ones that are read', () => {
  const names = [...textOf('ops/systemd/hookline.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(
    ([, name = '']) => name,
  );
  expect(names).toContain('DATABASE_URL');
  expect(unknownVariables(names)).toEqual([]);
});
