import type { Database } from '../db/database.js';
import { asService } from '../db/roles.js';
import type { Place } from './keyring.js';

// Without parameters they are scripts, which may take longer than other statements do: they look at every webhook.
const COUNT = `SELECT c.kind, c.key_id AS "keyId", c.secrets::float8 AS secrets FROM hookline.count_secrets() c ORDER BY c.kind DESC, c.key_id NULLS FIRST`;
const STATE = `SELECT s.encrypt_secrets AS "isOn", ARRAY(SELECT k.id FROM hookline.secret_keys k ORDER BY k.registered_at, k.id) AS registered
  FROM hookline.settings s`;
const HAS_CLEAR = `SELECT s.encrypt_secrets AND hookline.has_secrets_in_clear() AS has FROM hookline.settings s`;
const TURN = 'UPDATE hookline.settings SET encrypt_secrets = $1::bool WHERE encrypt_secrets <> $1::bool';

/** Secrets of one kind under one key. */
export interface SecretCount {
  readonly kind: Place['kind'];
  /** Null: in the clear. */
  readonly keyId: string | null;
  readonly secrets: number;
}

export interface SecretStatus {
  /** Whether processes that hold a key encrypt what is in the clear. */
  readonly isOn: boolean;
  /** The keys that every process has to hold. */
  readonly registered: readonly string[];
  readonly counts: readonly SecretCount[];
}

/** What is encrypted with which key, and what is not. Reads every webhook. Throws what the database throws. */
export function secretStatus(db: Database): Promise<SecretStatus> {
  return asService(
    db,
    async (tx) => {
      const { rows: states } = await tx.query<Pick<SecretStatus, 'isOn' | 'registered'>>(STATE);
      const { rows: counts } = await tx.query<SecretCount>(COUNT);
      return { isOn: states[0]?.isOn ?? true, registered: states[0]?.registered ?? [], counts };
    },
    'read',
  );
}

/** Whether there is something to encrypt, and it is wanted. Looks at an index alone. */
export async function hasSecretsToSeal(db: Database): Promise<boolean> {
  const { rows } = await asService(db, (tx) => tx.query<{ has: boolean }>(HAS_CLEAR, []), 'read');
  return rows[0]?.has === true;
}

/** Turns encryption on or off, for all processes that hold a key. Throws what the database throws. */
export async function turnEncryption(db: Database, isOn: boolean): Promise<void> {
  await asService(db, (tx) => tx.query(TURN, [isOn]));
}
