import { isAsyncIterable, mapAsyncIterator } from '@envelop/core';
import { defaultFieldResolver, type GraphQLField, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import type { AnyMapping } from './mapping.js';

/** Something that a field told of. */
export interface Happened {
  readonly mapping: AnyMapping;
  readonly result: unknown;
  readonly args: unknown;
  readonly context: unknown;
  readonly info: GraphQLResolveInfo;
}

export type Mappings = Readonly<Record<string, AnyMapping | undefined>>;
type RootType = GraphQLObjectType | undefined | null;
type OnHappened = (happened: Happened) => Promise<void>;

export interface Wrapper {
  /** Has `then` called with what each mapped field of a type resolves to, before anything is made of it. */
  resolvers(type: RootType, mappings: Mappings, then: OnHappened): void;
  /** Has `then` called with each value that the subscription of a mapped field yields, before the subscriber gets it. */
  subscribers(type: RootType, mappings: Mappings, then: OnHappened): void;
}

/**
 * Wraps the fields of schemas, in place. Other plugins may replace a schema by one made from it, whose fields are wrapped again: one execution of a field is told
 * once nevertheless. Throws for a mapped field that the type lacks.
 */
export function wrapper(): Wrapper {
  const fields = new WeakSet<object>();
  const executions = new WeakSet<object>();

  function isFirst({ path }: GraphQLResolveInfo): boolean {
    if (executions.has(path)) return false;
    executions.add(path);
    return true;
  }

  function eachField(type: RootType, mappings: Mappings, wrap: (field: AnyField, mapping: AnyMapping) => void): void {
    for (const [name, mapping] of Object.entries(mappings)) {
      if (mapping === undefined) continue;
      const field = type?.getFields()[name];
      if (field === undefined) {
        throw new Error(`The schema has no field ${name} that could become the event ${mapping.type}.`);
      }
      if (!fields.has(field)) wrap(field, mapping);
      fields.add(field);
    }
  }

  return {
    resolvers: (type, mappings, then) =>
      eachField(type, mappings, (field, mapping) => {
        const resolve = field.resolve ?? defaultFieldResolver;
        field.resolve = async (source, args, context, info) => {
          const isTold = isFirst(info);
          const result: unknown = await resolve(source, args, context, info);
          if (isTold && !(result instanceof Error)) await then({ mapping, result, args, context, info });
          return result;
        };
      }),
    subscribers: (type, mappings, then) =>
      eachField(type, mappings, (field, mapping) => {
        const subscribe = field.subscribe ?? defaultFieldResolver;
        field.subscribe = async (source, args, context, info) => {
          const isTold = isFirst(info);
          const values: unknown = await subscribe(source, args, context, info);
          if (!isTold || !isAsyncIterable<unknown>(values)) return values;
          return mapAsyncIterator(values, async (result) => {
            await then({ mapping, result, args, context, info });
            return result;
          });
        };
      }),
  };
}

type AnyField = GraphQLField<unknown, unknown>;
