import { type TSchema, Type } from 'typebox';

/** A UUID, in whichever case. */
export const uuid = (description?: string) =>
  Type.String({ format: 'uuid', ...(description !== undefined && { description }) });

/** A time as every body has it: ISO 8601 in UTC, in microseconds. */
export const timestamp = (description?: string) =>
  Type.String({ format: 'date-time', ...(description !== undefined && { description }) });

/** What may be null, too. */
export const nullable = <Schema extends TSchema>(schema: Schema, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });

/** Any JSON object. */
export const jsonObject = (description: string) => Type.Object({}, { additionalProperties: true, description });

export const WEBHOOK_PARAMS = Type.Object({ webhook_id: uuid('The webhook.') });
