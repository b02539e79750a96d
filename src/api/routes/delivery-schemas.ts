import { Type } from 'typebox';
import { DELIVERY_STATUSES } from '../../manage/deliveries/list.js';
import { jsonObject, nullable, timestamp, uuid } from '../v1/schemas.js';

const headers = (description: string) => nullable(jsonObject(description));

const ANSWERED = {
  response_status: nullable(Type.Integer()),
  response_time_ms: nullable(Type.Integer()),
  error_code: nullable(Type.String(), 'Why it is no success; stable.'),
  error_message: nullable(Type.String()),
};

const SENT = {
  request_headers: headers('As they were sent.'),
  request_signature: nullable(Type.String()),
  response_headers: headers('As they came.'),
  response_body: nullable(Type.String(), 'Its beginning.'),
};

const SUMMARY = {
  id: uuid(),
  webhook_id: uuid(),
  user_id: uuid(),
  event_id: nullable(uuid()),
  event_type: Type.String(),
  status: Type.Enum([...DELIVERY_STATUSES], {
    type: 'string',
    description: '`pending` waits to be sent, `retrying` to be sent again; `failed` has used all its attempts.',
  }),
  attempt_number: Type.Integer({ description: 'Attempts begun.' }),
  max_attempts: Type.Integer(),
  request_url: Type.String(),
  ...ANSWERED,
  replay_of: nullable(uuid(), 'The delivery whose message this one sends again.'),
  next_retry_at: nullable(timestamp()),
  created_at: timestamp(),
  attempted_at: nullable(timestamp()),
  delivered_at: nullable(timestamp()),
  failed_at: nullable(timestamp()),
};

/** A delivery as lists have it. */
export const DeliverySummary = Type.Object(SUMMARY, { title: 'DeliverySummary' });

/** All there is of a delivery. */
export const Delivery = Type.Object(
  {
    ...SUMMARY,
    ...SENT,
    request_method: Type.String(),
    request_payload: Type.Unknown({ description: 'The payload of the event, in its own digits.' }),
    metadata: jsonObject("The system's notes."),
  },
  { title: 'Delivery' },
);

export const Attempt = Type.Object(
  {
    delivery_id: uuid(),
    webhook_id: uuid(),
    attempt_number: Type.Integer(),
    is_latest: Type.Boolean(),
    is_late: Type.Boolean({ description: 'Its result came when another attempt had begun.' }),
    attempted_at: nullable(timestamp()),
    request_url: nullable(Type.String()),
    ...SENT,
    ...ANSWERED,
  },
  { title: 'Attempt' },
);
