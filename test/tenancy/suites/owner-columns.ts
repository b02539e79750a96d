import { expect, it } from 'vitest';
import { one } from '../../conformance/spec-helpers.js';
import { asUserId } from '../../harness/databases.js';
import { fillIn, type TenancyContext, type Trial, trying } from '../acting.js';
import { matrixFor } from '../matrix/index.js';
import { WEBHOOKS } from '../matrix/webhooks.js';

/** What of a webhook is its owner's to change, and what follows from a change. */
export function describeOwnerColumns(ctx: TenancyContext): void {
  it('owners change what is theirs, the rest is the system’s', () => {
    const theirs = WEBHOOKS.columns.filter(({ user }) => user.includes('u')).map(({ column }) => column);
    expect(theirs.sort()).toEqual(
      [
        'name',
        'url',
        'description',
        'signature_algorithm',
        'is_active',
        'retry_enabled',
        'max_retries',
        'retry_delay_seconds',
        'timeout_seconds',
        'metadata',
        'rate_limit_per_second',
        'rate_limit_burst',
        'is_ordered',
        'ordering_key_path',
        'sign_asymmetric',
      ].sort(),
    );
  });

  it('a changed URL is unverified again, with a fresh token; any other change leaves it verified', async () => {
    const verified = fillIn(
      `UPDATE public.webhooks SET is_verified = true, verified_at = now(), verification_token = 'proved'
       WHERE id = $hook`,
      'owner',
      ctx.world(),
    );
    const { tables } = matrixFor(ctx.authIsOurs);
    await trying(
      ctx,
      tables,
      'owner',
      async ({ attempt }: Trial) => {
        const after = async (set: string) => {
          const sql = `UPDATE public.webhooks SET ${set} WHERE id = $hook
            RETURNING is_verified, verified_at IS NULL AS no_time, verification_token AS token`;
          const result = await attempt(fillIn(sql, 'owner', ctx.world()));
          if ('error' in result) throw new Error(JSON.stringify(result.error));
          return result.rows[0];
        };
        const still = { is_verified: true, no_time: false, token: 'proved' };
        expect(await after("name = 'renamed', timeout_seconds = 9, signature_algorithm = 'sha512'")).toEqual(still);
        expect(await after('url = url')).toEqual(still);
        const changed = await after("url = 'https://changed.example'");
        expect(changed).toEqual({ is_verified: false, no_time: true, token: expect.stringMatching(/^[0-9a-f]{64}$/) });
        expect(await after("url = 'https://changed.example'")).not.toEqual(changed);
      },
      verified,
    );
  });

  it('each verification that the owner asks for makes a fresh token', async () => {
    const token = () =>
      asUserId(ctx.db(), ctx.world().owner.id, async (tx) => {
        await tx.query(fillIn('SELECT request_webhook_verification($hook)', 'owner', ctx.world()));
        return one(tx, fillIn('SELECT verification_token FROM webhooks WHERE id = $hook', 'owner', ctx.world()));
      });
    expect(await token()).not.toEqual(await token());
  });
}
