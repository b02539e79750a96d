import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { ExecutionResult } from 'graphql';
import type { EventMap, Hookline, PostgresClient } from '../in-process/index.js';
import type { Fields, Mutations, Subscriptions } from './mapping.js';
import { type Happened, type Mappings, wrapper } from './wrap-fields.js';

export interface HooklinePluginOptions<
  Events extends EventMap,
  Context,
  MutationFields extends Fields<MutationFields>,
  SubscriptionFields extends Fields<SubscriptionFields>,
> {
  /** From `createHookline`. */
  readonly hookline: Pick<Hookline<Events>, 'trigger'>;
  /** The events that mutations become, by their fields. */
  readonly mutations?: Mutations<Events, MutationFields, Context>;
  /** The events that the values of subscriptions become, by their fields. */
  readonly subscriptions?: Subscriptions<Events, SubscriptionFields, Context>;
  /** The client on which a mutation's transaction is open, where there is one: the event is part of it, and what refuses the event is an error of the field. */
  readonly transaction?: (context: Context) => PostgresClient | undefined;
  /** Told of an event that could not be triggered outside of a transaction: what it tells of has happened nevertheless. */
  readonly onError: (error: unknown, about: { readonly field: string; readonly type: string }) => void;
}

/**
 * An Envelop plugin, as GraphQL Yoga takes them, by which an application's mutations and subscriptions become events. A mutation does when its field has
 * resolved: in its transaction at once, and without one when the execution has ended with no error in or below the field. Each value of a subscription does
 * before its subscriber gets it, once under its idempotency key. Throws at start for a field that the schema lacks.
 */
export function useHookline<
  Events extends EventMap = EventMap,
  Context = unknown,
  MutationFields extends Fields<MutationFields> = Record<string, { result: unknown; args: unknown }>,
  SubscriptionFields extends Fields<SubscriptionFields> = Record<string, { result: unknown; args: unknown }>,
>(options: HooklinePluginOptions<Events, Context, MutationFields, SubscriptionFields>): Plugin {
  const { hookline, transaction, onError } = options;
  const mutations = (options.mutations ?? {}) as Mappings;
  const subscriptions = (options.subscriptions ?? {}) as Mappings;
  /** What waits for the end of its execution, by the context. */
  const waiting = new WeakMap<object, Happened[]>();
  const subscribed = new WeakSet<object>();

  async function tell(happened: Happened, client?: PostgresClient): Promise<void> {
    const { mapping, result, args, context } = happened;
    const payload = mapping.payload(result, args, context);
    if (payload === null) return;
    await hookline.trigger(client, {
      type: mapping.type,
      payload: payload as Events[string],
      ...mapping.recipient(result, args, context),
      idempotencyKey: mapping.idempotencyKey?.(result, args, context),
    });
  }

  async function tellOutside(happened: Happened): Promise<void> {
    try {
      await tell(happened);
    } catch (error) {
      onError(error, { field: happened.info.fieldName, type: happened.mapping.type });
    }
  }

  async function mutated(happened: Happened): Promise<void> {
    const { context } = happened;
    const later = isObject(context) ? waiting.get(context) : undefined;
    // Another server executes the same schema.
    if (later === undefined) return;
    const client = transaction?.(context as Context);
    if (client === undefined) later.push(happened);
    else await tell(happened, client);
  }

  async function yielded(happened: Happened): Promise<void> {
    if (isObject(happened.context) && subscribed.has(happened.context)) await tellOutside(happened);
  }

  async function ended(context: object, { errors }: ExecutionResult): Promise<void> {
    const failed = new Set(errors?.map(({ path }) => path?.[0]));
    for (const happened of waiting.get(context)?.splice(0) ?? []) {
      if (!failed.has(happened.info.path.key)) await tellOutside(happened);
    }
  }

  const wrap = wrapper();
  return {
    onSchemaChange({ schema }) {
      wrap.resolvers(schema.getMutationType(), mutations, mutated);
      wrap.subscribers(schema.getSubscriptionType(), subscriptions, yielded);
    },
    onExecute({ args: { contextValue } }) {
      if (!isObject(contextValue)) return undefined;
      waiting.set(contextValue, []);
      return {
        async onExecuteDone({ result }) {
          if (isAsyncIterable(result)) return { onNext: (part) => ended(contextValue, part.result) };
          await ended(contextValue, result);
          return undefined;
        },
      };
    },
    onSubscribe({ args: { contextValue } }) {
      if (isObject(contextValue)) subscribed.add(contextValue);
    },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
