import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate } from '../../src/db/migrate.js';
import { openTestDatabase } from '../harness/databases.js';
import { addTheRest } from './fill.js';
import { keep, schemaOf } from './kept.js';
import { installRelease } from './old-release.js';
import { RELEASES } from './releases.js';
import { Site } from './site.js';

describe('a database of an earlier release, with data, migrated while its worker runs and events come', () => {
  let opened: Site | undefined;
  let fresh: Awaited<ReturnType<typeof schemaOf>>;
  beforeAll(async () => {
    const database = await openTestDatabase('postgres');
    fresh = await schemaOf(database.db);
    await database.drop();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it.each(RELEASES)('$name, $what', { timeout: 180_000 }, async ({ name, stopsWith }) => {
    const release = await installRelease(name, inject('runFolder'));
    const site = await Site.open((db) => migrate(db, { folder: release.migrations }));
    opened = site;
    const { db, tenants } = site;
    await site.trigger('inactive', 2);
    await site.setActive('inactive', false);
    const old = await site.startOld(release.program);
    await site.trigger('steady', 6);
    for (const fate of ['failed', 'retrying'] as const) await site.trigger(fate, 2);
    for (const [fate, status] of [
      ['steady', 'success'],
      ['failed', 'failed'],
      ['retrying', 'retrying'],
      ['inactive', 'pending'],
    ] as const) {
      await site.waitFor(fate, status);
    }
    await addTheRest(db, tenants);
    const before = await keep(db);
    await site.trigger('inflight', 2);
    await site.waitForCalls('inflight', 2);

    site.keepTriggering();
    await migrate(db);
    if (stopsWith === undefined) {
      await site.passOne();
      await site.startNew();
      await site.endOld({ cannotGiveBack: false });
    } else {
      await old.waitForOutput(stopsWith);
      await site.endOld({ cannotGiveBack: true });
      await site.startNew();
    }
    await site.passOne();
    const refused = await site.stopTriggering();
    // One whose trigger was begun with the functions of before: it was told so, and nothing of it was kept.
    if (stopsWith === undefined) expect(refused).toEqual([]);

    expect(await keep(db)).toMatchObject(before);
    await site.finish();
    expect(await schemaOf(db)).toEqual(fresh);
  });
});
