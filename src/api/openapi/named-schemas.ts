/** Keys under which data stands, in which a `title` names no schema. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const']);

/**
 * Moves every schema that bears a `title` to `components.schemas` of the document, under that name, and leaves a `$ref`: routes write their schemas in
 * full, as validation needs them, and clients get named types. Throws when two schemas of one name differ.
 */
export function nameSchemas<Document extends { readonly paths?: object; readonly components?: object }>(
  document: Document,
): Document & { readonly components: object } {
  const schemas: Record<string, unknown> = {};
  const paths = Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, item]) => [path, named(item, schemas)]),
  );
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, paths, components: { ...document.components, schemas: sorted } };
}

function named(node: unknown, schemas: Record<string, unknown>): unknown {
  if (Array.isArray(node)) return node.map((child) => named(child, schemas));
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, child]) => [key, DATA.has(key) ? child : named(child, schemas)]),
  );
  const { title, ...schema } = copy;
  if (typeof title !== 'string') return copy;
  const known = schemas[title];
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`Two schemas are named ${title}.`);
  }
  schemas[title] = schema;
  return { $ref: `#/components/schemas/${title}` };
}
