import type { Database, Queryable } from '../../db/database.js';
import { asService, asUser } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';

const CREATE_USER = loadSql(import.meta.url, './sql/create-user.sql');
const CREATE_WEBHOOK = loadSql(import.meta.url, './sql/create-webhook.sql');
const TUNE_WEBHOOK = loadSql(import.meta.url, './sql/tune-webhook.sql');
const STORED_CONTENT = loadSql(import.meta.url, './sql/stored-content.sql');
const DELIVERIES = loadSql(import.meta.url, './sql/deliveries.sql');
const STATISTICS = loadSql(import.meta.url, './sql/statistics.sql');

export interface StoredContent {
  readonly id: string;
  readonly title: string;
  readonly event: string;
}

export interface Delivery {
  readonly id: string;
  readonly webhook_id: string;
  readonly event: string;
  readonly status: string;
  readonly attempts: number;
  readonly answered: number | null;
}

export interface Statistics {
  /** The whole row as JSON. */
  readonly statistics: string;
  readonly total: number;
  readonly successful: number;
}

/** What a user of the product does and sees: every statement runs under that user's policies. */
export interface DemoUser {
  readonly id: string;
  /** Registers an endpoint with the shortest delay between retries, so that they are seen soon. Gives its id and signing secret. */
  createWebhook(name: string, url: string, algorithm: string): Promise<{ id: string; secret: string }>;
  storedContent(channelId: string): Promise<StoredContent[]>;
  deliveries(webhookIds: readonly string[]): Promise<Delivery[]>;
  statistics(webhookId: string): Promise<Statistics>;
}

/** Makes a new user, as the product's sign-up would. */
export async function createDemoUser(db: Database): Promise<DemoUser> {
  const { id } = await asService(db, (tx) => one<{ id: string }>(tx, CREATE_USER, []));
  const asMe = <T>(fn: (tx: Queryable) => Promise<T>): Promise<T> => asUser(db, { sub: id, role: 'authenticated' }, fn);
  return {
    id,
    createWebhook: (name, url, algorithm) =>
      asMe(async (tx) => {
        const webhook = await one<{ id: string; secret: string }>(tx, CREATE_WEBHOOK, [
          name,
          url,
          ['video.generated', 'credit.added'],
        ]);
        await tx.query(TUNE_WEBHOOK, [webhook.id, algorithm, 1]);
        return webhook;
      }),
    storedContent: (channelId) => asMe(async (tx) => (await tx.query<StoredContent>(STORED_CONTENT, [channelId])).rows),
    deliveries: (webhookIds) => asMe(async (tx) => (await tx.query<Delivery>(DELIVERIES, [webhookIds])).rows),
    statistics: (webhookId) => asMe((tx) => one<Statistics>(tx, STATISTICS, [webhookId])),
  };
}

async function one<Row>(tx: Queryable, text: string, params: Parameters<Queryable['query']>[1]): Promise<Row> {
  const [row] = (await tx.query<Row>(text, params)).rows;
  if (row === undefined) throw new Error('The statement gave no row.');
  return row;
}
