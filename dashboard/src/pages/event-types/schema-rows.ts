import { jsonOf } from '../../api/exact-json.js';
import { nameIn } from './event-type.js';

const MOST_ROWS = 200;
const DEEPEST = 6;
const CONSTRAINTS = [
  'enum',
  'const',
  'format',
  'pattern',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'default',
] as const;
const CHOICES = ['oneOf', 'anyOf'] as const;

/** A field of a payload, as its schema has it. */
export interface SchemaRow {
  /** As `items[].name`. */
  readonly path: string;
  /** JSON Schema's own words; empty: anything. */
  readonly types: readonly string[];
  readonly isRequired: boolean;
  /** As `minimum: 0`. */
  readonly constraints: readonly string[];
  readonly description: string | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

/** The fields that a JSON Schema names, outer ones before their inner ones: so much of it as reads as a table. `isCut`: there are more. */
export function rowsOf(root: Schema): { readonly rows: readonly SchemaRow[]; readonly isCut: boolean } {
  const rows: SchemaRow[] = [];
  let isCut = false;

  function walk(given: unknown, path: string, depth: number): void {
    const schema = resolved(given, root);
    if (schema === undefined) return;
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    for (const [name, property] of Object.entries(asSchema(schema['properties']) ?? {})) {
      if (rows.length >= MOST_ROWS || depth > DEEPEST) {
        isCut = true;
        return;
      }
      const inner = path === '' ? name : `${path}.${name}`;
      rows.push(rowOf(property, root, inner, required.includes(name)));
      walk(property, inner, depth + 1);
    }
    for (const part of Array.isArray(schema['allOf']) ? schema['allOf'] : []) {
      if (depth > DEEPEST) return;
      walk(part, path, depth + 1);
    }
    if (asSchema(schema['items']) !== undefined && depth <= DEEPEST) walk(schema['items'], `${path}[]`, depth + 1);
  }

  walk(root, '', 0);
  return { rows, isCut };
}

function rowOf(property: unknown, root: Schema, path: string, isRequired: boolean): SchemaRow {
  const schema = resolved(property, root) ?? {};
  const constraints = CONSTRAINTS.filter((name) => schema[name] !== undefined).map(
    (name) => `${name}: ${shown(name, schema[name])}`,
  );
  const description = schema['description'] ?? schema['title'];
  return {
    path,
    types: typesOf(schema, root),
    isRequired,
    constraints,
    description: typeof description === 'string' ? description : undefined,
  };
}

/** `within`: the schemas that this one is part of; one of those again, as in “any JSON”, says nothing new. */
function typesOf(schema: Schema, root: Schema, within: readonly Schema[] = []): string[] {
  if (within.includes(schema)) return [];
  const outer = [...within, schema];
  const { type } = schema;
  if (type === 'array') {
    const items = resolved(schema['items'], root);
    const [inner] = items === undefined ? [] : typesOf(items, root, outer);
    return [inner === undefined ? 'array' : `array of ${inner}`];
  }
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.map(String);
  for (const choice of CHOICES) {
    const parts = schema[choice];
    if (Array.isArray(parts))
      return [...new Set(parts.flatMap((part) => typesOf(resolved(part, root) ?? {}, root, outer)))];
  }
  return asSchema(schema['properties']) === undefined ? [] : ['object'];
}

function shown(name: string, value: unknown): string {
  if (name === 'enum' && Array.isArray(value)) return value.map((one) => jsonOf(one)).join(' | ');
  return typeof value === 'string' ? value : jsonOf(value);
}

/** The schema, or the one in the same document that it refers to. */
function resolved(given: unknown, root: Schema): Schema | undefined {
  const schema = asSchema(given);
  const ref = schema?.['$ref'];
  if (typeof ref !== 'string') return schema;
  if (!ref.startsWith('#/')) return schema;
  let place: unknown = root;
  for (const step of ref.slice(2).split('/')) {
    place = asSchema(place)?.[nameIn(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return asSchema(place);
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;
}
