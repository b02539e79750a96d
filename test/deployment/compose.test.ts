import { DCLinter } from 'dclint';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { SHUTDOWN_WITHIN_MS } from '../../src/start/shutdown.js';
import { documentsOf, textOf, unknownVariables } from './files.js';

const Compose = Type.Object({
  services: Type.Record(
    Type.String(),
    Type.Object({
      build: Type.Optional(Type.String()),
      environment: Type.Optional(Type.Record(Type.String(), Type.String())),
      stop_grace_period: Type.Optional(Type.String()),
    }),
  ),
});

const { services } = Value.Parse(Compose, documentsOf('compose.yaml')[0]);
const ours = Object.values(services).filter(({ build }) => build !== undefined);

test("the file is what Compose's schema takes, and the linter finds nothing in it", () => {
  // Left out: rules of the order in which keys and services are written.
  const order = ['service-keys-order', 'services-alphabetical-order', 'top-level-properties-order'];
  const rules = Object.fromEntries(order.map((name) => [name, 0 as const]));
  const findings: readonly { messages: readonly object[] }[] = new DCLinter({ rules }).lintFiles(
    ['compose.yaml'],
    false,
  );
  expect(findings.flatMap(({ messages }) => messages)).toEqual([]);
});

test('Compose waits for as long as a shutdown takes before it kills', () => {
  expect(ours.length).toBeGreaterThan(0);
  for (const { stop_grace_period } of ours) {
    expect(Number.parseInt(stop_grace_period ?? '10s', 10) * 1000).toBeGreaterThan(SHUTDOWN_WITHIN_MS);
  }
});

test('the variables that it sets are ones that are read', () => {
  expect(unknownVariables(ours.flatMap(({ environment }) => Object.keys(environment ?? {})))).toEqual([]);
});

test('every variable that it wants in .env is in the documentation', () => {
  const wanted = [...textOf('compose.yaml').matchAll(/\$\{(\w+):/g)].map(([, name = '']) => name);
  const docs = textOf('docs/deployment.md');
  expect([...new Set(wanted)].filter((name) => !docs.includes(name))).toEqual([]);
});
