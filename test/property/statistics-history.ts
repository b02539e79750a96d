import type { Database, Queryable } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { rows } from '../conformance/spec-helpers.js';
import { asUserId } from '../harness/databases.js';
import { type Delivery, isEnded } from './statistics-model.js';
import type { Result, Step, Written } from './statistics-steps.js';

/** One user's webhooks and what came of their deliveries, those that are gone included. */
export class History {
  /** Ended deliveries that were removed, as they were at their end. */
  readonly gone: Delivery[] = [];

  constructor(
    readonly db: Database,
    readonly user: string,
    readonly hooks: readonly string[],
  ) {}

  /** Makes one step happen through the functions and tables that the system itself uses. */
  async take(step: Step): Promise<void> {
    switch (step.does) {
      case 'trigger':
        return this.trigger(step.type, step.times);
      case 'attempt':
        return this.attempt(step.results);
      case 'report':
        return this.report(step.results);
      case 'retry':
        return this.retry(step.nth);
      case 'toggle':
        return this.asService('UPDATE webhooks SET is_active = NOT is_active WHERE id = $1::uuid', [
          this.hook(step.nth),
        ]);
      case 'expire':
        return this.expire();
      case 'write':
        return this.write(step.rows, step.zone);
      case 'change':
        return this.asService(`UPDATE webhook_deliveries SET ${step.set} WHERE id = ANY ($1::uuid[])`, [
          await this.some(step.every),
        ]);
      case 'delete':
        return this.remove(async (tx, ids) => {
          await tx.query('DELETE FROM webhook_deliveries WHERE id = ANY ($1::uuid[])', [ids]);
        }, step.every);
      case 'remove expired':
        return this.remove(async (tx) => {
          await tx.query('SELECT * FROM hookline.remove_expired(1000)', []);
        });
    }
  }

  /** A plain scan of what is there. */
  scan(): Promise<Delivery[]> {
    return asService(this.db, (tx) =>
      rows<Delivery>(
        tx,
        `SELECT id, webhook_id, event_type, status, response_status, response_time_ms, delivered_at, failed_at
         FROM webhook_deliveries WHERE webhook_id = ANY ($1::uuid[]) ORDER BY created_at, id`,
        [this.hooks],
      ),
    );
  }

  private hook(nth: number): string {
    return this.hooks[nth % this.hooks.length] ?? '';
  }

  private async asService(text: string, params: readonly (string | number | readonly string[])[]): Promise<void> {
    await asService(this.db, (tx) => tx.query(text, params));
  }

  private async some(every: number): Promise<string[]> {
    return (await this.scan()).filter((_, n) => n % every === 0).map((one) => one.id);
  }

  private trigger(type: string, times: number): Promise<void> {
    return this.asService(
      `SELECT count(*) FROM generate_series(1, $3::int) n, trigger_webhook_event($1::text, '{"video_id": "v"}', $2::uuid)`,
      [type, this.user, times],
    );
  }

  /** Whatever waits is due now, also what a worker still holds: its result is late then. */
  private async makeDue(): Promise<void> {
    await this.db.query('UPDATE hookline.queue SET due_at = now(), lease_ends_at = now()', []);
    await this.db.query('UPDATE hookline.leases SET ends_at = now()', []);
    await this.db.query('SELECT hookline.free_dead_leases()', []);
  }

  private async attempt(results: readonly Result[]): Promise<void> {
    await this.makeDue();
    await asService(this.db, async (tx) => {
      const leased = await rows<{ delivery_id: string; lease_id: string; webhook_id: string }>(
        tx,
        `SELECT l.delivery_id, l.lease_id, d.webhook_id
         FROM hookline.lease_due(gen_random_uuid(), $1::int, 1000, 1000000000, false, interval '30 seconds') l
         JOIN webhook_deliveries d ON d.id = l.delivery_id`,
        [results.length],
      );
      const made = leased.map(({ delivery_id, lease_id, webhook_id }, n) => ({
        delivery_id,
        webhook_id,
        lease_id: results[n]?.late ? webhook_id : lease_id,
        attempted_at: '2025-11-22T10:00:00Z',
        response_status: results[n]?.status,
        response_time_ms: results[n]?.timeMs,
      }));
      await tx.query('SELECT * FROM hookline.record_attempts($1::json, true)', [JSON.stringify(made)]);
    });
  }

  private async report(results: readonly Result[]): Promise<void> {
    await this.makeDue();
    await asService(this.db, async (tx) => {
      const leased = await rows<{ delivery_id: string }>(
        tx,
        'SELECT delivery_id FROM get_pending_webhook_retries($1::int)',
        [results.length],
      );
      for (const [n, { delivery_id }] of leased.entries()) {
        await tx.query(
          `SELECT * FROM complete_webhook_delivery($1::uuid, p_response_status := $2::int, p_response_time_ms := $3::int)`,
          [delivery_id, results[n]?.status ?? null, results[n]?.timeMs ?? null],
        );
      }
    });
  }

  private async retry(nth: number): Promise<void> {
    const failed = (await this.scan()).filter((one) => one.status === 'failed');
    const id = failed[nth % failed.length]?.id;
    if (id !== undefined) {
      await asUserId(this.db, this.user, (tx) => tx.query('SELECT * FROM retry_failed_delivery($1::uuid)', [id]));
    }
  }

  private async expire(): Promise<void> {
    await asService(this.db, async (tx) => {
      await tx.query("UPDATE hookline.settings SET waiting_limit = '1 microsecond'", []);
      await tx.query('SELECT hookline.fail_waiting(10)', []);
      await tx.query("UPDATE hookline.settings SET waiting_limit = '24 hours'", []);
    });
  }

  private async write(written: readonly Written[], zone: string): Promise<void> {
    const named = written.map((row) => ({ ...row, hook: this.hook(row.hook) }));
    await asService(this.db, async (tx) => {
      await tx.query(`SET LOCAL TimeZone = '${zone}'`);
      await tx.query(
        `INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, status, attempt_number, max_attempts,
           response_status, response_time_ms, created_at, delivered_at, failed_at)
         SELECT r.hook, r.type, '{}', r.status, 1, 4, r."responseStatus", r."timeMs", coalesce(e.at, now()),
           CASE r.status WHEN 'success' THEN e.at END, CASE r.status WHEN 'failed' THEN e.at END
         FROM json_to_recordset($1::json) r (hook uuid, type text, status text, "daysAgo" int, "offsetMs" int,
           "responseStatus" int, "timeMs" int),
         LATERAL (SELECT (date_trunc('day', now() AT TIME ZONE 'UTC') - make_interval(days => r."daysAgo",
           secs => -r."offsetMs" / 1000.0)) AT TIME ZONE 'UTC' AS at) e`,
        [JSON.stringify(named)],
      );
    });
  }

  private async remove(how: (tx: Queryable, ids: string[]) => Promise<void>, every = 1): Promise<void> {
    const before = await this.scan();
    const ids = await this.some(every);
    await asService(this.db, (tx) => how(tx, ids));
    const left = new Set((await this.scan()).map((one) => one.id));
    this.gone.push(...before.filter((one) => isEnded(one) && !left.has(one.id)));
  }
}
