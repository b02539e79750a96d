import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';

/**
 * pg_jsonschema is not among Debian's packages. Its function, with the name and signature that it has, is made here by hand and entered into the
 * catalogue as the extension's, so that what is tested is ours: that it is found, called, obeyed, and that no other function is taken for it.
 */
const FUNCTION = `
  CREATE SCHEMA extensions;
  CREATE FUNCTION extensions.jsonschema_validation_errors(schema json, instance json) RETURNS text[] LANGUAGE sql AS $$
    SELECT coalesce(array_agg(format('%s is a required property', r)), '{}')
    FROM json_array_elements_text(schema -> 'required') r WHERE NOT instance::jsonb ? r
  $$`;
const AS_EXTENSION = `
  SET allow_system_table_mods = on;
  WITH made AS (
    INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    SELECT 4000000000, 'pg_jsonschema', n.nspowner, n.oid, false, '0.3.3' FROM pg_namespace n WHERE n.nspname = 'extensions' RETURNING oid)
  INSERT INTO pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
  SELECT 'pg_proc'::regclass, 'extensions.jsonschema_validation_errors'::regproc, 0, 'pg_extension'::regclass, made.oid, 0, 'e' FROM made;
  RESET allow_system_table_mods`;

describeOnEachDatabase('payload_schema in SQL', (ctx) => {
  let userId: string;
  beforeAll(async () => {
    ({ userId } = await createWebhook(ctx.db(), 'https://example.com/hook'));
    await requireVideoId(ctx.db());
  });

  it('is not checked where pg_jsonschema is not installed, nor by a function of somebody else', async () => {
    expect(await trigger(ctx.db(), userId, {})).toHaveLength(1);
    await ctx.db().query(FUNCTION);
    expect(await trigger(ctx.db(), userId, {})).toHaveLength(1);
  });

  it('is checked where it is, by every function that makes an event', async () => {
    await ctx.db().query(AS_EXTENSION);
    expect(await trigger(ctx.db(), userId, { video_id: 'v1' })).toHaveLength(1);
    const before = await count(ctx.db());
    await expect(trigger(ctx.db(), userId, {})).rejects.toMatchObject({
      code: 'HK005',
      message: expect.stringContaining('video_id is a required property'),
      hint: expect.stringContaining('payload_schema'),
    });
    await expect(triggerWithKey('refused', '{}')).rejects.toMatchObject({ code: 'HK005' });
    expect(await count(ctx.db())).toEqual(before);
  });

  it('does not undo what an idempotency key has begun', async () => {
    await triggerWithKey('kept', '{"video_id":"v1"}');
    await ctx
      .db()
      .query(
        `UPDATE webhook_events SET payload_schema = '{"required":["other"]}' WHERE event_type = 'video.generated'`,
      );
    expect(await triggerWithKey('kept', '{"video_id":"v1"}')).toBe(true);
    await expect(triggerWithKey('fresh', '{"video_id":"v1"}')).rejects.toMatchObject({ code: 'HK005' });
  });

  async function triggerWithKey(key: string, payload: string): Promise<boolean | undefined> {
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ is_duplicate: boolean }>(
        "SELECT is_duplicate FROM hookline.trigger_event('video.generated', $1::jsonb, NULL, $2)",
        [payload, key],
      ),
    );
    return rows[0]?.is_duplicate;
  }
});

async function requireVideoId(db: Database): Promise<void> {
  await db.query(
    `UPDATE webhook_events SET payload_schema = '{"required":["video_id"]}' WHERE event_type = 'video.generated'`,
  );
}

async function count(db: Database): Promise<unknown> {
  const { rows } = await db.query(
    'SELECT (SELECT count(*)::int FROM webhook_deliveries) d, (SELECT count(*)::int FROM hookline.events) e',
  );
  return rows;
}
