import { Type } from 'typebox';
import { jsonObject, nullable, timestamp, uuid } from '../v1/schemas.js';
import { EVENT_TYPE } from './webhook-schemas.js';

export const PARAMS = Type.Object({ event_type: EVENT_TYPE });

const SETTINGS = {
  category: Type.String({ minLength: 1, maxLength: 50, description: 'video, credit, subscription, or your own.' }),
  description: nullable(Type.String({ maxLength: 10_000 })),
  is_enabled: Type.Boolean({ description: 'A disabled one is not triggered, and nobody new subscribes to it.' }),
  payload_schema: Type.Union([jsonObject('A JSON Schema.'), Type.Boolean(), Type.Null()], {
    description: 'What payloads have to fulfil: JSON Schema of draft 2020-12, 2019-09 or 07. Null: anything.',
  }),
};
const { category, ...optional } = SETTINGS;

export const CreateEventType = Type.Object(
  {
    event_type: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[A-Za-z0-9_.:-]+$',
      description: 'Its name, as in the header `X-Webhook-Event`.',
      examples: ['video.generated'],
    }),
    category,
    ...Type.Partial(Type.Object(optional)).properties,
  },
  { title: 'CreateEventType', additionalProperties: false },
);

export const ChangeEventType = Type.Object(Type.Partial(Type.Object(SETTINGS)).properties, {
  title: 'ChangeEventType',
  additionalProperties: false,
  minProperties: 1,
  description: 'What is left out stays as it is.',
});

const COLUMNS = {
  id: uuid(),
  event_type: Type.String(),
  ...SETTINGS,
  created_at: timestamp(),
  updated_at: timestamp(),
};

export const EventTypeBody = Type.Object(COLUMNS, { title: 'EventType' });

export const ChangedEventType = Type.Object(
  {
    ...COLUMNS,
    schema_change: nullable(
      Type.Object({
        checked: Type.Integer({
          description: 'Events that were looked at: the latest of the type, a hundred at most.',
        }),
        broken: Type.Integer({ description: 'Of those how many passed and no longer would.' }),
        examples: Type.Array(
          Type.Object({
            event_id: uuid(),
            created_at: timestamp(),
            errors: Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() })),
          }),
          { description: 'Ten of these at most.' },
        ),
      }),
      'What the change of `payload_schema` breaks; null where it was not changed.',
    ),
  },
  { title: 'ChangedEventType' },
);
