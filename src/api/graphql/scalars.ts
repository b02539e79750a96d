import { GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';
import { IsUuid } from 'typebox/format';

/** As in REST without the year 0 and without offsets that PostgreSQL cannot read. */
const DATE_TIME = /^([1-9]\d{3}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
/** Levels of a value. As in bodies of REST: far above it PostgreSQL and JSON.stringify run out of stack. */
export const DEEPEST_VALUE = 200;

/** The scalars of the schema. What they refuse never gets to SQL, whose casts would say less. */
export const SCALARS = {
  UUID: scalar('UUID', (value) => typeof value === 'string' && IsUuid(value)),
  DateTime: scalar('DateTime', isTime),
  JSON: scalar('JSON', isJson),
  JSONObject: scalar(
    'JSONObject',
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value),
  ),
};

function isTime(value: unknown): boolean {
  const [, day] = (typeof value === 'string' && DATE_TIME.exec(value)) || [];
  if (day === undefined || Number.isNaN(Date.parse(String(value)))) return false;
  // JavaScript makes 1 March of a 29 February that is not there.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Not so deep that nobody can read it, and without numbers that JavaScript makes Infinity of: JSON.stringify would write null. */
function isJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth < DEEPEST_VALUE && Object.values(value).every((inner) => isJson(inner, depth + 1));
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
