import { beforeAll, beforeEach } from 'vitest';
import type { Store } from '../src/store.js';
import { describeClaims } from './store-claims.js';
import { describeContent } from './store-content.js';
import { describeFinishes } from './store-finishes.js';
import { describeInserts } from './store-inserts.js';
import { describePayloads } from './store-payloads.js';
import type { StoreUnderTest } from './store-under-test.js';

export * from './store-under-test.js';

/** What every store must do: the words of `Store` in store.ts, stated as tests. */
export function describeStore(under: StoreUnderTest): void {
  beforeAll(() => under.addColumns());
  beforeEach(() => under.clear());
  // Stores are opened in the suite's own hooks, after its tests are declared.
  const store = new Proxy({} as Store, { get: (_, name) => Reflect.get(under.store(), name) });
  describeInserts(under, store);
  describeContent(under, store);
  for (const kind of under.kinds) {
    describeClaims(under, store, kind);
    describeFinishes(under, store, kind);
  }
  describePayloads(under);
}
