// The same as a CommonJS module: `require` of ES modules, which Node has from 20.19 on.
import client = require('@hookline/client');
import next = require('@hookline/client/next');
import receiver = require('@hookline/receiver');
import hookline = require('hookline');
import graphql = require('hookline/graphql');

const { createHookline, HooklineError } = hookline;
const { createWebhookHandler, postgresStore } = receiver;
const functions = { createHookline, HooklineError, createWebhookHandler, postgresStore };
for (const [name, value] of Object.entries({ ...functions, ...graphql, ...next })) {
  if (typeof value !== 'function') throw new Error(`${name} is no function.`);
}

client.verifyWebhook({ headers: new Headers(), body: '{}' }, 'secret').then(
  () => {
    throw new Error('A webhook without a signature was taken.');
  },
  (error: unknown) => {
    if (!(error instanceof client.WebhookVerificationError)) throw error;
  },
);
