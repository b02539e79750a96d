import { Type } from 'typebox';

export const DAY_S = 86_400;

/** A time in a request. The pattern leaves out what `format` takes and PostgreSQL cannot read: the year 0, and offsets of 16 hours and more. */
export const time = (description: string) =>
  Type.String({
    format: 'date-time',
    pattern: '^[1-9]\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-](0\\d|1[0-4]):[0-5]\\d)$',
    maxLength: 40,
    description,
    examples: ['2026-01-31T12:00:00Z'],
  });
