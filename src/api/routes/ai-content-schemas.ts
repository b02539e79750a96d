import { Type } from 'typebox';
import { CALLBACK_STATES, EVENT_STATES } from '../../manage/content/content.js';
import { jsonObject, nullable, timestamp, uuid } from '../v1/schemas.js';

export const callbackState = Type.Enum([...CALLBACK_STATES], {
  type: 'string',
  description: 'Of the callback to the gateway; `refused`: its URL is not one that may be called.',
});
export const eventState = Type.Enum([...EVENT_STATES], {
  type: 'string',
  description: 'Of the event of the same name; `skipped`: there is no such event type, or no such user.',
});
const count = (description: string) => Type.Integer({ minimum: 0, description });

const SUMMARY = {
  id: Type.String({ pattern: '^[0-9]+$', description: 'A whole number of up to 64 bits.' }),
  title: Type.String(),
  category: nullable(Type.String()),
  event_name: nullable(Type.String()),
  channel_id: nullable(Type.String(), "The gateway's own id of the request."),
  user_id: nullable(
    Type.String(),
    'The UUID of its user; where it is stored in another database, the user as the webhook names them.',
  ),
  callback_state: nullable(callbackState, 'Null: no callback was asked for.'),
  callback_attempts: count('How often the callback was tried.'),
  callback_error: nullable(Type.String(), 'Why the callback is not done.'),
  event_state: nullable(eventState),
  event_id: nullable(uuid('The event that was triggered.')),
  event_error: nullable(Type.String(), 'Why no event was triggered.'),
  repeats: count('How often the same webhook came again.'),
  created_at: nullable(timestamp()),
  updated_at: nullable(timestamp('When its content last changed.')),
};

/** A received webhook as lists have it. */
export const ContentSummary = Type.Object(SUMMARY, { title: 'AiContentSummary' });

/** All there is of a received webhook. */
export const Content = Type.Object(
  {
    ...SUMMARY,
    body: nullable(Type.String()),
    metadata: nullable(jsonObject("The gateway's `customer_data`, with model and provider.")),
    payload: Type.Unknown({ description: 'The webhook as it came, in its own digits; null where it is not kept.' }),
    differing_repeats: count('Of the repeats those whose content was another.'),
    callback_url: nullable(Type.String()),
    callback_next_at: nullable(timestamp('When a callback that is pending is tried again.')),
    callback_expires_at: nullable(timestamp('When the gateway takes it no more.')),
  },
  { title: 'AiContent' },
);
