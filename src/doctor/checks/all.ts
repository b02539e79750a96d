import type { Check } from '../context.js';
import { callbacks } from './callbacks.js';
import { clock } from './clock.js';
import { connections } from './connections.js';
import { database } from './database.js';
import { disk } from './disk.js';
import { login } from './login.js';
import { maintenance } from './maintenance.js';
import { migrations } from './migrations.js';
import { owner } from './owner.js';
import { partitions } from './partitions.js';
import { queue } from './queue.js';
import { receiver } from './receiver.js';
import { redis } from './redis.js';
import { replication } from './replication.js';
import { roles } from './roles.js';
import { secrets } from './secrets.js';
import { session } from './session.js';
import { settings } from './settings.js';
import { webhooks } from './webhooks.js';
import { workers } from './workers.js';

/** Every check; one that fails or hangs keeps no other from being made. */
export const CHECKS: readonly Check[] = [
  settings,
  database,
  disk,
  session,
  clock,
  login,
  roles,
  owner,
  migrations,
  connections,
  workers,
  queue,
  replication,
  maintenance,
  partitions,
  webhooks,
  secrets,
  redis,
  receiver,
  callbacks,
];
