// An ES module of somebody who has installed the three packages: compiled and run by scripts/packages/consumers.ts.
import { createClient, verifyWebhook, WebhookVerificationError } from '@hookline/client';
import { webhookRoute as fastifyRoute } from '@hookline/client/fastify';
import { webhookRoute as nextRoute } from '@hookline/client/next';
import { createWebhookHandler, postgresStore } from '@hookline/receiver';
import { createHookline, HooklineError } from 'hookline';
import { useHookline } from 'hookline/graphql';

const functions = { createClient, fastifyRoute, nextRoute, createWebhookHandler, postgresStore };
for (const [name, value] of Object.entries({ ...functions, createHookline, HooklineError, useHookline })) {
  if (typeof value !== 'function') throw new Error(`${name} is no function.`);
}

const request = { headers: new Headers(), body: '{}' };
const refused: unknown = await verifyWebhook(request, 'secret').catch((error: unknown) => error);
if (!(refused instanceof WebhookVerificationError)) throw new Error('A webhook without a signature was not refused.');
