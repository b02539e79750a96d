import { contains, Digits, equal, isArray, isObject, type Json, type JsonObject, order } from './json-value.js';

/** Filters as DESIGN.md words them, as plainly as can be. What it leaves open is said where it is decided. */

/** Whether an event with this payload goes through. A filter without a condition lets everything through. */
export function letsThrough(filter: JsonObject, payload: Json): boolean {
  return filter.size === 0 || fulfils(filter, payload);
}

/** Whether a filter is refused when it is written, its size left aside. */
export function isWellFormed(filter: Json): boolean {
  return isObject(filter) && isSound(filter);
}

/** `value` undefined: the field is missing. */
function fulfils(condition: Json, value: Json | undefined): boolean {
  if (!isObject(condition)) return value !== undefined && contains(value, condition);
  if (!isArray(value)) {
    if (condition.size === 0) return isObject(value);
    return [...condition].every(([key, operand]) => fulfilsOne(key, operand, value));
  }
  // "A condition on an array holds when any element fulfils it": one and the same element all of it, also inside arrays in the array.
  const ofElements = new Map([...condition].filter(([key, operand]) => !isAskedOfTheArray(key, operand)));
  const ofArray = [...condition].filter(([key]) => !ofElements.has(key));
  return (
    ofArray.every(([key, operand]) => fulfilsOne(key, operand, value)) &&
    ((ofArray.length > 0 && ofElements.size === 0) || elementsOf(value).some((element) => fulfils(ofElements, element)))
  );
}

function elementsOf(array: readonly Json[]): readonly Json[] {
  return array.flatMap((element) => (isArray(element) ? elementsOf(element) : [element]));
}

/** Some conditions are about the array itself: that it is there, that it equals another array, and the logic of other conditions. */
function isAskedOfTheArray(key: string, operand: Json): boolean {
  return ['$exists', '$not', '$and', '$or'].includes(key) || (['$eq', '$ne'].includes(key) && isArray(operand));
}

function fulfilsOne(key: string, operand: Json, value: Json | undefined): boolean {
  const listed = isArray(operand) ? operand : [];
  switch (key) {
    case '$not':
      return !fulfils(operand, value);
    case '$and':
      return listed.every((filter) => fulfils(filter, value));
    case '$or':
      return listed.some((filter) => fulfils(filter, value));
    case '$exists':
      return (value !== undefined) === operand;
    case '$eq':
      return value !== undefined && equal(value, operand);
    case '$ne':
      return value === undefined || !equal(value, operand);
    case '$in':
      return value !== undefined && listed.some((item) => equal(value, item));
    case '$nin':
      return value === undefined || !listed.some((item) => equal(value, item));
  }
  if (!key.startsWith('$')) return fulfils(operand, isObject(value) ? value.get(key) : undefined);
  return value !== undefined && (compares(key, operand, value) || hasText(key, operand, value));
}

function compares(key: string, operand: Json, value: Json): boolean {
  const by = order(value, operand);
  if (by === undefined) return false;
  return (
    (key === '$gt' && by > 0) || (key === '$gte' && by >= 0) || (key === '$lt' && by < 0) || (key === '$lte' && by <= 0)
  );
}

function hasText(key: string, operand: Json, value: Json): boolean {
  if (typeof value !== 'string' || typeof operand !== 'string') return false;
  if (key === '$startsWith') return value.startsWith(operand);
  return key === '$endsWith' ? value.endsWith(operand) : key === '$contains' && value.includes(operand);
}

/** A key that begins with $ is an operator, wherever it stands. */
function isSound(node: Json): boolean {
  if (isArray(node)) return node.every(isSound);
  if (!isObject(node)) return true;
  return [...node].every(([key, operand]) => (!key.startsWith('$') || takes(key, operand)) && isSound(operand));
}

function takes(operator: string, operand: Json): boolean {
  switch (operator) {
    case '$eq':
    case '$ne':
      return true;
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return operand instanceof Digits || typeof operand === 'string';
    case '$in':
    case '$nin':
      return isArray(operand);
    case '$exists':
      return typeof operand === 'boolean';
    case '$startsWith':
    case '$endsWith':
    case '$contains':
      return typeof operand === 'string';
    case '$not':
      return isObject(operand);
    case '$and':
    case '$or':
      return isArray(operand) && operand.length > 0 && operand.every(isObject);
    default:
      return false;
  }
}
