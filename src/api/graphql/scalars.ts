import { GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** The scalars of the schema. What they refuse never gets to SQL, whose casts would say less. */
export const SCALARS = {
  UUID: scalar('UUID', (value) => typeof value === 'string' && UUID.test(value)),
  DateTime: scalar('DateTime', (value) => typeof value === 'string' && DATE_TIME.test(value) && isTime(value)),
  JSON: scalar('JSON', () => true),
  JSONObject: scalar('JSONObject', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
};

/** In 0001 to 9999, which PostgreSQL and ISO 8601 both know. */
function isTime(value: string): boolean {
  return !Number.isNaN(Date.parse(value)) && !value.startsWith('0000');
}

function scalar(name: string, takes: (value: unknown) => boolean): GraphQLScalarType {
  const check = (value: unknown): unknown => {
    if (takes(value)) return value;
    throw createGraphQLError(`This is no ${name}.`);
  };
  return new GraphQLScalarType({
    name,
    serialize: (value) => value,
    parseValue: check,
    parseLiteral: (node, variables) => check(valueFromASTUntyped(node, variables)),
  });
}
