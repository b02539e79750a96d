import { type DrainResult, drain } from './drain.js';
import { restEmitter } from './emitters/rest.js';
import { createPlainHandler } from './handler.js';
import type { HandlerContext, WebhookHandler, WebhookHandlerOptions } from './handler-options.js';
import type { ReceiverLog } from './options.js';
import { refusal } from './responses.js';
import { planetscaleStore } from './stores/planetscale.js';

/** The runtime's context of a request, and where its variables are if not in `process.env`: the `env` of a Worker. */
export interface EnvironmentContext extends HandlerContext {
  readonly env?: object;
}

/** Every variable that the ready handler reads. */
const VARIABLES = [
  'MODELRIVER_WEBHOOK_SECRET',
  'MODELRIVER_WEBHOOK_SECRET_PREVIOUS',
  'MODELRIVER_API_KEY',
  'PLANETSCALE_HOST',
  'PLANETSCALE_USERNAME',
  'PLANETSCALE_PASSWORD',
  'DATABASE_URL',
  'HOOKLINE_CALLBACK_ORIGINS',
  'HOOKLINE_URL',
  'HOOKLINE_SERVICE_KEY',
] as const;
type Variables = Readonly<Partial<Record<(typeof VARIABLES)[number], string>>>;

interface Configured {
  readonly options: WebhookHandlerOptions;
  readonly handler: WebhookHandler;
}

/** The last one: a process has one environment as a rule, and its values make the handler. */
let known: { readonly key: string; readonly configured: Configured } | undefined;

/**
 * The handler of the specification, by its variables: MODELRIVER_WEBHOOK_SECRET (and, while it is rotated, MODELRIVER_WEBHOOK_SECRET_PREVIOUS),
 * MODELRIVER_API_KEY, and PLANETSCALE_HOST, PLANETSCALE_USERNAME and PLANETSCALE_PASSWORD or DATABASE_URL. Optional: HOOKLINE_CALLBACK_ORIGINS, with commas
 * between them; HOOKLINE_URL and HOOKLINE_SERVICE_KEY of a Hookline server, which tells the product's customers. Logs to the console.
 * It never throws; while a variable is missing or wrong it answers 503 with the code `not_configured`.
 */
export async function handleWebhook(request: Request, context: EnvironmentContext = {}): Promise<Response> {
  let configured: Configured;
  try {
    configured = configure(context.env);
  } catch (error) {
    consoleLog('error', 'receiver.not_configured', { reason: error instanceof Error ? error.message : String(error) });
    return refusal(503, 'not_configured', 'The receiver is not configured. Its log says what is missing.', 60);
  }
  return configured.handler(request, context);
}

/**
 * Does what `handleWebhook` could not finish: callbacks and events that are due. For a cron route or a Worker's `scheduled`, every minute.
 * @throws TypeError naming what is missing in the environment; what the store throws when it cannot be reached.
 */
export async function drainWebhooks(context: EnvironmentContext = {}): Promise<DrainResult> {
  const { options } = configure(context.env);
  return drain(options.store, options);
}

/** A log of one JSON line each on the console, which every platform gathers. */
export const consoleLog: ReceiverLog = (level, event, fields) => {
  console[level](JSON.stringify({ level, message: event, ...fields }));
};

function configure(env: object | undefined): Configured {
  const variables = read(env);
  const key = JSON.stringify(variables);
  if (known?.key !== key) {
    const options = optionsOf(variables);
    known = { key, configured: { options, handler: createPlainHandler(options) } };
  }
  return known.configured;
}

function read(env: object = (globalThis as { process?: { env?: object } }).process?.env ?? {}): Variables {
  const values: Partial<Record<(typeof VARIABLES)[number], string>> = {};
  for (const name of VARIABLES) {
    const value: unknown = Reflect.get(env, name);
    if (typeof value === 'string' && value !== '') values[name] = value;
  }
  return values;
}

function optionsOf(variables: Variables): WebhookHandlerOptions {
  const secret = required(variables, 'MODELRIVER_WEBHOOK_SECRET');
  const previous = variables.MODELRIVER_WEBHOOK_SECRET_PREVIOUS;
  const origins = variables.HOOKLINE_CALLBACK_ORIGINS;
  return {
    store: planetscaleStore(connectionOf(variables)),
    secret: previous === undefined ? secret : [secret, previous],
    apiKey: required(variables, 'MODELRIVER_API_KEY'),
    ...(origins !== undefined && { callbackOrigins: origins.split(',').map((origin) => origin.trim()) }),
    ...(variables.HOOKLINE_URL !== undefined && {
      emitter: restEmitter({
        url: variables.HOOKLINE_URL,
        serviceKey: required(variables, 'HOOKLINE_SERVICE_KEY'),
      }),
    }),
    log: consoleLog,
  };
}

function connectionOf(variables: Variables): { url: string } | { host: string; username: string; password: string } {
  const { DATABASE_URL: url, PLANETSCALE_HOST: host } = variables;
  if (host === undefined && url !== undefined) return { url };
  return {
    host: required(variables, 'PLANETSCALE_HOST', ', or DATABASE_URL'),
    username: required(variables, 'PLANETSCALE_USERNAME'),
    password: required(variables, 'PLANETSCALE_PASSWORD'),
  };
}

function required(variables: Variables, name: (typeof VARIABLES)[number], otherwise = ''): string {
  const value = variables[name];
  if (value === undefined) throw new TypeError(`${name}${otherwise} must be set.`);
  return value;
}
