import type { Ajv, SchemaValidateFunction } from 'ajv';

/**
 * Has `ajv` tell by one walk whether the items of an array are all different. Its own `uniqueItems` compares objects each with each: 20,000 of them, which 256 KiB hold,
 * held up the process for a minute and more.
 */
export function compareItemsOnce(ajv: Ajv): void {
  const validate: SchemaValidateFunction = (isWanted: boolean, items: readonly unknown[]) => {
    if (!isWanted) return true;
    const placeOf = new Map<string, number>();
    for (const [place, item] of items.entries()) {
      const text = canonical(item);
      const before = placeOf.get(text);
      if (before !== undefined) {
        const message = `must NOT have duplicate items (items ## ${before} and ${place} are identical)`;
        validate.errors = [{ keyword: 'uniqueItems', message, params: { i: place, j: before } }];
        return false;
      }
      placeOf.set(text, place);
    }
    return true;
  };
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', errors: true, validate });
}

/** The same text for equal values and for no others. Numbers beyond a double are Infinity, which JSON would write as null. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
    return `{${members.sort().join(',')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
