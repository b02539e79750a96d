import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import { IsInteger, IsObject, type TSchema } from 'typebox';

const WHOLE_NUMBER = /^-?\d+$/;

/** TypeBox's, but of the text in paths and queries only a whole number becomes one: TypeBox takes 1.5 and true for 1. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = (route) => {
  const validate = TypeBoxValidatorCompiler(route);
  const { schema, httpPart } = route;
  if (httpPart === 'body' || !IsObject(schema)) return validate;
  const integers = Object.keys(schema.properties).filter((name) => IsInteger(schema.properties[name]));
  return (given: Readonly<Record<string, unknown>>) => {
    const wrong = integers.filter((name) => {
      const value = given[name];
      return typeof value === 'string' && !WHOLE_NUMBER.test(value);
    });
    if (wrong.length === 0) return validate(given);
    const error = wrong.map((name) => ({
      keyword: 'type',
      instancePath: `/${name}`,
      schemaPath: `#/properties/${name}`,
      params: { type: 'integer' },
      message: 'must be integer',
    }));
    return { error };
  };
};
