import deliveries from './deliveries.js';
import eventTypes from './event-types.js';
import inbox from './inbox.js';
import operator from './operator.js';
import replays from './replays.js';
import tryIt from './try.js';
import webhooks from './webhooks.js';

/** What the other pages say. */
export default { deliveries, eventTypes, inbox, operator, replays, try: tryIt, webhooks };
