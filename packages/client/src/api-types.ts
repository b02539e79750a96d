// Made from the OpenAPI document of the server by `npm run generate:client`.

export interface paths {
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** This document */
    get: operations['getOpenApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether this process is alive
     * @description It answers, and asks nobody. Whether it can do its work is at /readyz.
     */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether this process can do its work
     * @description Its database answers and takes writes, the schema is migrated, and its own worker, where it has one, beats. Of workers elsewhere and of the queue it tells, and is ready whatever they do. What is told is at most a second old.
     */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/.well-known/webhook-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Public keys
     * @description The keys that `v1a` signatures of deliveries are verified with, a JSON Web Key Set (RFC 7517), the current one first. A signature is good when one of them verifies it.
     */
    get: operations['getWebhookKeys'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Trigger events
     * @description One event, or `events`, 1 to 1000 of them, each for one user or for everyone. Of a batch each stands for itself: `results` has what came of it or its problem, in order. The header `Idempotency-Key` makes a request repeatable; each event of a batch may have a key of its own.
     */
    post: operations['createEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List webhooks
     * @description The caller's own; the service sees everybody's, or those of the user that it names.
     */
    get: operations['listWebhooks'];
    put?: never;
    /**
     * Create a webhook
     * @description The answer has its secret. The service names the user whose it is.
     */
    post: operations['createWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a webhook
     * @description Its ETag is of its settings, for `If-Match`. What it counts, and how calls of it fare, changes without it: there is no 304.
     */
    get: operations['getWebhook'];
    put?: never;
    post?: never;
    /**
     * Delete a webhook
     * @description Its subscriptions, deliveries and statistics go with it.
     */
    delete: operations['deleteWebhook'];
    options?: never;
    head?: never;
    /**
     * Change a webhook
     * @description With `If-Match` only where its settings are still of that version. A changed URL has to be verified anew.
     */
    patch: operations['updateWebhook'];
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the secret
     * @description Needs a caller that may write.
     */
    get: operations['getWebhookSecret'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/secret/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate the secret
     * @description During the overlap the old secret signs beside the new one, so that subscribers change when it suits them. With an overlap of 0 every earlier one ends.
     */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/secret/end-overlap': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End the overlap of a rotation
     * @description From now on the current secret alone signs.
     */
    post: operations['endWebhookSecretOverlap'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Verify the URL
     * @description A worker posts a token to the URL within seconds, and the endpoint answers with it. What came of it stands on the webhook.
     */
    post: operations['verifyWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a test event
     * @description To this webhook alone, whatever it subscribes to: a delivery like any other, with `{"test": true}` in its metadata. One a second at most.
     */
    post: operations['sendTestEvent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/subscriptions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List the subscriptions of a webhook */
    get: operations['listSubscriptions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/subscriptions/{event_type}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read a subscription */
    get: operations['getSubscription'];
    /**
     * Subscribe to an event type, or set the subscription
     * @description What is left out gets its default: active, without filters. With `If-None-Match: *` only where there is none yet.
     */
    put: operations['putSubscription'];
    post?: never;
    /** Unsubscribe from an event type */
    delete: operations['deleteSubscription'];
    options?: never;
    head?: never;
    /** Change a subscription */
    patch: operations['updateSubscription'];
    trace?: never;
  };
  '/v1/event-types': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List event types
     * @description Everybody who is signed in sees them all.
     */
    get: operations['listEventTypes'];
    put?: never;
    /**
     * Create an event type
     * @description For the service.
     */
    post: operations['createEventType'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/event-types/{event_type}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read an event type */
    get: operations['getEventType'];
    put?: never;
    post?: never;
    /**
     * Delete an event type
     * @description For the service. Only one that no webhook subscribes to and no delivery was made of; disable others.
     */
    delete: operations['deleteEventType'];
    options?: never;
    head?: never;
    /**
     * Change an event type
     * @description For the service. A change of `payload_schema` tells what it breaks: `schema_change` says how many of the latest events would no longer pass.
     */
    patch: operations['updateEventType'];
    trace?: never;
  };
  '/v1/event-types/{event_type}/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Check a payload
     * @description Against the `payload_schema` of the event type, as an event is when it is triggered. Nothing is stored or sent, so credentials that may only read may do it.
     */
    post: operations['checkPayload'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/filters/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Test a filter
     * @description Whether events with these payloads would go through the filter, by the function that asks when an event is triggered, and why: it goes through when all of `conditions` hold. Nothing is stored or sent, so credentials that may only read may do it. Payloads that take 20,000 steps together are refused (`invalid_parameter`); one alone never is.
     */
    post: operations['testFilter'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ai-content': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List received AI webhooks
     * @description The caller's own; the service sees everybody's, or those of the user that it names. A page is found within a bounded time: where few match, it has fewer than `limit`, or none, while there are more. The end is where `next_cursor` is null. Where they are stored in another database, the service alone sees them, and those of a user are the ones that name them so.
     */
    get: operations['listAiContent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ai-content/{content_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a received AI webhook
     * @description With its body, metadata and payload.
     */
    get: operations['getAiContent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List deliveries
     * @description The caller's own; the service sees everybody's, or those of the user that it names. A page is found within a bounded time: where few match, it has fewer than `limit`, or none, while there are more. The end is where `next_cursor` is null.
     */
    get: operations['listDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries/{delivery_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a delivery
     * @description With its payload, and what was sent and answered in the latest attempt.
     */
    get: operations['getDelivery'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries/{delivery_id}/attempts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the attempts of a delivery
     * @description The latest first, a hundred at most, on one page.
     */
    get: operations['listDeliveryAttempts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries/{delivery_id}/body': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the body of a delivery
     * @description Byte by byte as it is sent, to check a signature against.
     */
    get: operations['getDeliveryBody'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries/{delivery_id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Try a failed delivery again
     * @description Once more, now. It is made by a worker, soon after the answer.
     */
    post: operations['retryDelivery'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/replays': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the replays of a webhook
     * @description The latest hundred are kept.
     */
    get: operations['listReplays'];
    put?: never;
    /**
     * Send deliveries again
     * @description Each ended delivery that was made in this time is sent as a new one, in order of creation, while newer ones go on. One replay of a webhook runs at a time. With `dry_run` they are only counted.
     */
    post: operations['createReplay'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/replays/{replay_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Watch a replay */
    get: operations['getReplay'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/replays/{replay_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End a replay
     * @description No delivery is made after this; those that were made are sent. One that has ended stays as it is.
     */
    post: operations['cancelReplay'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/replays': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List replays
     * @description Of all webhooks of the caller, newest first; the service sees everybody's, or those of the user that it names. Those of a deleted webhook are gone with it.
     */
    get: operations['listAllReplays'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/statistics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Statistics of the last days
     * @description A delivery counts on the UTC day on which it ended; today is one of the days.
     */
    get: operations['getWebhookStatistics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/statistics/hourly': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Statistics by the hour
     * @description For charts, the oldest first; this hour is one of them. Kept 35 days; hours in which nothing ended are absent.
     */
    get: operations['getWebhookHourlyStatistics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/statistics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Statistics over webhooks
     * @description What ended in the last hours, this one included, over all webhooks of the caller; the service sees everybody's, or those of the user that it names. Kept 35 days; hours in which nothing ended are absent. At most a million counts (one for each webhook, hour and event type), of a user 300,000, are read: where there are more, it tells of the latest hours alone, and `hours` in the answer is less than was asked for.
     */
    get: operations['getStatistics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/queue': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How the queue stands
     * @description Unfinished deliveries of the caller; the service sees everybody's, or those of the user that it names. 100,000 are looked at at most, in no certain order: with `is_capped` there are more, and the figures are of those. What is in flight of everybody is always counted whole.
     */
    get: operations['getQueue'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/workers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List workers
     * @description For the service: those that have signed on and not off, the latest first, 1,000 at most. One that has stopped beating is forgotten by the next heartbeat of another.
     */
    get: operations['listWorkers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List users
     * @description For the service: users, newest first, and what they have. Of each user 10,000 webhooks are counted at most. A page looks at 50,000 users at most: where few match, it has fewer than `limit`, or none, while `next_cursor` says that there are more.
     */
    get: operations['listUsers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook_id}/headers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Names of custom headers
     * @description The names of the headers that go with each call of the webhook, and when they were set. The ETag is the webhook’s.
     */
    get: operations['getWebhookHeaders'];
    /**
     * Set custom headers
     * @description Sets the headers that go with each call of the webhook from now on, in place of those that it had. They are kept like secrets: what is recorded of a delivery has `***` in place of the values. With `If-Match` only where the webhook is still of that version.
     */
    put: operations['setWebhookHeaders'];
    post?: never;
    /**
     * Take custom headers away
     * @description The next calls have none.
     */
    delete: operations['deleteWebhookHeaders'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/signing-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List signing keys
     * @description For the service. There is none before the first webhook that wants asymmetric signatures is called, or the key set is read.
     */
    get: operations['listSigningKeys'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/signing-keys/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate the signing key
     * @description For the service. A new key is published and signs at once; the earlier ones sign beside it for the overlap.
     */
    post: operations['rotateSigningKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List who changed what
     * @description Changes to webhooks, subscriptions, API keys, portal tokens and replays of the caller, newest first; for the service those of everybody, or of the user that it names, and those to event types, signing keys and settings.
     */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Live stream of deliveries
     * @description Server-sent events: `open`, then one event for each change, named `created`, `attempted`, `succeeded`, `failed` or `retrying`, whose data is `{"kind", "changed_at", "delivery"}`. With `Last-Event-ID` it goes on where a stream ended, within an hour: nothing is lost, and nothing comes twice. What cannot be told any more is an event `gap`: list the deliveries again. A comment comes every 15 s. The stream ends with its token, after an event `end` whose data is the problem; a reader who takes nothing for 30 s is dropped.
     */
    get: operations['streamDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List API keys
     * @description Newest first. What expired or was revoked is kept for 30 days.
     */
    get: operations['listApiKeys'];
    put?: never;
    /**
     * Make an API key
     * @description By a signed-in user or the service, not by a key or portal token. The service names the user.
     */
    post: operations['createApiKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api-keys/{api_key_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an API key
     * @description Everything but the key itself.
     */
    get: operations['getApiKey'];
    put?: never;
    post?: never;
    /**
     * Revoke an API key
     * @description Within two seconds no process takes it any more. By a signed-in user or the service.
     */
    delete: operations['revokeApiKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/portal-tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List portal tokens
     * @description Newest first. What expired or was revoked is kept for a day.
     */
    get: operations['listPortalTokens'];
    put?: never;
    /**
     * Make a portal token
     * @description For a user whom the service names, and who is made by it where Hookline keeps the users. It acts as that user, within its access, until it expires.
     */
    post: operations['createPortalToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/portal-tokens/{portal_token_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a portal token
     * @description Everything but the token itself.
     */
    get: operations['getPortalToken'];
    put?: never;
    post?: never;
    /**
     * Revoke a portal token
     * @description Within two seconds no process takes it any more.
     */
    delete: operations['revokePortalToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is signed in
     * @description By the cookie, or by a bearer.
     */
    get: operations['getSession'];
    put?: never;
    /**
     * Sign a browser in
     * @description Seals a credential into the cookie `hookline_session`, which no script of a page can read, for twelve hours at most. The server keeps no session: on every request the credential is checked as a bearer would be, so that revoking it ends the session.
     */
    post: operations['createSession'];
    /**
     * Sign a browser out
     * @description The browser forgets the cookie. The credential stays good: revoke it to end it everywhere.
     */
    delete: operations['deleteSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    AcceptedEvent: {
      /** Format: uuid */
      event_id: string;
      /** @description It was triggered before under its idempotency key; the rest is of then. */
      duplicate: boolean;
      deliveries: {
        /** Format: uuid */
        id: string;
        /** Format: uuid */
        webhook_id: string;
        url: string;
      }[];
      /** @description Of an event for everyone: users who were passed over, since their backlog is full. */
      skipped?: number;
    };
    AiContent: {
      /** @description A whole number of up to 64 bits. */
      id: string;
      title: string;
      category: string | null;
      event_name: string | null;
      /** @description The gateway's own id of the request. */
      channel_id: string | null;
      /** @description The UUID of its user; where it is stored in another database, the user as the webhook names them. */
      user_id: string | null;
      /** @description Null: no callback was asked for. */
      callback_state: ('pending' | 'done' | 'failed' | 'expired' | 'refused') | null;
      /** @description How often the callback was tried. */
      callback_attempts: number;
      /** @description Why the callback is not done. */
      callback_error: string | null;
      event_state: ('pending' | 'done' | 'failed' | 'expired' | 'skipped') | null;
      event_id: string | null;
      /** @description Why no event was triggered. */
      event_error: string | null;
      /** @description How often the same webhook came again. */
      repeats: number;
      created_at: string | null;
      updated_at: string | null;
      body: string | null;
      metadata: {
        [key: string]: unknown;
      } | null;
      /** @description The webhook as it came, in its own digits; null where it is not kept. */
      payload: unknown;
      /** @description Of the repeats those whose content was another. */
      differing_repeats: number;
      callback_url: string | null;
      callback_next_at: string | null;
      callback_expires_at: string | null;
    };
    AiContentList: {
      data: components['schemas']['AiContentSummary'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    AiContentSummary: {
      /** @description A whole number of up to 64 bits. */
      id: string;
      title: string;
      category: string | null;
      event_name: string | null;
      /** @description The gateway's own id of the request. */
      channel_id: string | null;
      /** @description The UUID of its user; where it is stored in another database, the user as the webhook names them. */
      user_id: string | null;
      /** @description Null: no callback was asked for. */
      callback_state: ('pending' | 'done' | 'failed' | 'expired' | 'refused') | null;
      /** @description How often the callback was tried. */
      callback_attempts: number;
      /** @description Why the callback is not done. */
      callback_error: string | null;
      event_state: ('pending' | 'done' | 'failed' | 'expired' | 'skipped') | null;
      event_id: string | null;
      /** @description Why no event was triggered. */
      event_error: string | null;
      /** @description How often the same webhook came again. */
      repeats: number;
      created_at: string | null;
      updated_at: string | null;
    };
    ApiKey: {
      /** Format: uuid */
      id: string;
      /**
       * Format: uuid
       * @description Whom it acts as.
       */
      user_id: string;
      name: string | null;
      /** @description What it begins with. */
      prefix: string;
      /**
       * @description `read` changes nothing, and sees no secret.
       * @enum {string}
       */
      access: 'read' | 'write';
      /** Format: date-time */
      created_at: string;
      expires_at: string | null;
      /** @description When it was last used, to the minute. */
      last_used_at: string | null;
      revoked_at: string | null;
    };
    ApiKeyList: {
      data: components['schemas']['ApiKey'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    Attempt: {
      /** Format: uuid */
      delivery_id: string;
      /** Format: uuid */
      webhook_id: string;
      attempt_number: number;
      is_latest: boolean;
      /** @description Its result came when another attempt had begun. */
      is_late: boolean;
      attempted_at: string | null;
      request_url: string | null;
      request_headers: {
        [key: string]: unknown;
      } | null;
      request_signature: string | null;
      response_headers: {
        [key: string]: unknown;
      } | null;
      /** @description Its beginning. */
      response_body: string | null;
      response_status: number | null;
      response_time_ms: number | null;
      /** @description Why it is no success; stable. */
      error_code: string | null;
      error_message: string | null;
    };
    AttemptList: {
      data: components['schemas']['Attempt'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    AuditChange: {
      column: string;
      /** @description Absent where it was made. */
      old?: unknown;
      /** @description Absent where it was deleted. */
      new?: unknown;
      /** @description It changed; what it holds is secret, or too long. */
      is_hidden?: boolean;
    };
    AuditEntry: {
      /** Format: uuid */
      id: string;
      /** Format: date-time */
      at: string;
      /** @description Such as `webhook.updated` or `api_key.revoked`. */
      action: string;
      /**
       * @description `system`: a worker or command of Hookline. `sql`: a statement of a login of the database.
       * @enum {string}
       */
      actor_kind: 'user' | 'api_key' | 'portal_token' | 'service' | 'system' | 'sql';
      /** @description The user, the API key or the portal token; of `sql` the login, for the service. */
      actor_id: string | null;
      /** @description Who is logged in to PostgreSQL, for the service. */
      login: string | null;
      /** @description Whose it is; null: the installation's. */
      user_id: string | null;
      thing_kind: string;
      /** @description Of a subscription its webhook, of an event type its name. */
      thing_id: string;
      /** @description As it was called then; of a subscription the event type. */
      thing_name: string | null;
      changes: components['schemas']['AuditChange'][];
      request_id: string | null;
      /** @description Null for a user where somebody else acted. */
      ip: string | null;
      user_agent: string | null;
    };
    AuditList: {
      data: components['schemas']['AuditEntry'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    /** @description What is left out stays as it is. */
    ChangeEventType: {
      /** @description video, credit, subscription, or your own. */
      category?: string;
      description?: string | null;
      /** @description A disabled one is not triggered, and nobody new subscribes to it. */
      is_enabled?: boolean;
      /** @description What payloads have to fulfil: JSON Schema of draft 2020-12, 2019-09 or 07. Null: anything. */
      payload_schema?:
        | {
            [key: string]: unknown;
          }
        | boolean
        | null;
    };
    /** @description What is left out stays as it is. */
    ChangeSubscription: {
      /** @description An inactive subscription lets nothing through. */
      is_active?: boolean;
      /** @description Null: every event of the type. */
      filters?: {
        [key: string]: unknown;
      } | null;
    };
    /** @description What is left out stays as it is. */
    ChangeWebhook: {
      name?: string;
      /** @description Where deliveries are posted; http or https. */
      url?: string;
      description?: string | null;
      /**
       * @description Of the HMAC that signs deliveries.
       * @enum {string}
       */
      signature_algorithm?: 'sha256' | 'sha512';
      /** @description An inactive webhook gets no events. */
      is_active?: boolean;
      retry_enabled?: boolean;
      max_retries?: number;
      /** @description Before the first retry; doubles with each. */
      retry_delay_seconds?: number;
      /** @description For the whole call. */
      timeout_seconds?: number;
      /** @description Calls a second; null: no limit. */
      rate_limit_per_second?: number | null;
      /** @description Calls at once after a pause; null: as many as a second has. */
      rate_limit_burst?: number | null;
      /** @description One delivery at a time, in order of creation. */
      is_ordered?: boolean;
      /** @description Ordered for each value at this JSON pointer (RFC 6901) into the payload; null: over all. */
      ordering_key_path?: string | null;
      /** @description Also signed with Ed25519 (`v1a,`), by the keys at `/.well-known/webhook-keys`. */
      sign_asymmetric?: boolean;
      /** @description The owner's own, at most 64 KiB. */
      metadata?: {
        [key: string]: unknown;
      };
    };
    ChangedEventType: {
      /** Format: uuid */
      id: string;
      event_type: string;
      /** @description video, credit, subscription, or your own. */
      category: string;
      description: string | null;
      /** @description A disabled one is not triggered, and nobody new subscribes to it. */
      is_enabled: boolean;
      /** @description What payloads have to fulfil: JSON Schema of draft 2020-12, 2019-09 or 07. Null: anything. */
      payload_schema:
        | {
            [key: string]: unknown;
          }
        | boolean
        | null;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
      /** @description What the change of `payload_schema` breaks; null where it was not changed. */
      schema_change: {
        /** @description Events that were looked at: the latest of the type, a hundred at most. */
        checked: number;
        /** @description Of those how many passed and no longer would. */
        broken: number;
        /** @description Ten of these at most. */
        examples: {
          /** Format: uuid */
          event_id: string;
          /** Format: date-time */
          created_at: string;
          errors: {
            pointer: string;
            detail: string;
          }[];
        }[];
      } | null;
    };
    CreateEventType: {
      /**
       * @description Its name, as in the header `X-Webhook-Event`.
       * @example video.generated
       */
      event_type: string;
      /** @description video, credit, subscription, or your own. */
      category: string;
      description?: string | null;
      /** @description A disabled one is not triggered, and nobody new subscribes to it. */
      is_enabled?: boolean;
      /** @description What payloads have to fulfil: JSON Schema of draft 2020-12, 2019-09 or 07. Null: anything. */
      payload_schema?:
        | {
            [key: string]: unknown;
          }
        | boolean
        | null;
    };
    CreateReplay: {
      /**
       * Format: date-time
       * @description Made then or later.
       * @example 2026-01-31T12:00:00Z
       */
      since: string;
      /**
       * Format: date-time
       * @description Made then or earlier; left out: until now.
       * @example 2026-01-31T12:00:00Z
       */
      until?: string;
      /**
       * @description `all`: also those that succeeded.
       * @default failed
       * @enum {string}
       */
      status: 'failed' | 'all';
      /** @default 100 */
      rate_per_second: number;
      dry_run?: boolean;
    };
    CreateWebhook: {
      name: string;
      /** @description Where deliveries are posted; http or https. */
      url: string;
      description?: string | null;
      /**
       * @description Of the HMAC that signs deliveries.
       * @enum {string}
       */
      signature_algorithm?: 'sha256' | 'sha512';
      /** @description An inactive webhook gets no events. */
      is_active?: boolean;
      retry_enabled?: boolean;
      max_retries?: number;
      /** @description Before the first retry; doubles with each. */
      retry_delay_seconds?: number;
      /** @description For the whole call. */
      timeout_seconds?: number;
      /** @description Calls a second; null: no limit. */
      rate_limit_per_second?: number | null;
      /** @description Calls at once after a pause; null: as many as a second has. */
      rate_limit_burst?: number | null;
      /** @description One delivery at a time, in order of creation. */
      is_ordered?: boolean;
      /** @description Ordered for each value at this JSON pointer (RFC 6901) into the payload; null: over all. */
      ordering_key_path?: string | null;
      /** @description Also signed with Ed25519 (`v1a,`), by the keys at `/.well-known/webhook-keys`. */
      sign_asymmetric?: boolean;
      /** @description The owner's own, at most 64 KiB. */
      metadata?: {
        [key: string]: unknown;
      };
      /** @description To subscribe to. */
      event_types?: string[];
      /**
       * Format: uuid
       * @description For the service: the user, by the UUID of auth.users.
       */
      user_id?: string;
      /** @description For the service: the user, by the id that the application has. */
      external_user_id?: string;
    };
    CreatedWebhook: {
      /** Format: uuid */
      id: string;
      /**
       * Format: uuid
       * @description Its owner.
       */
      user_id: string;
      name: string;
      /** @description Where deliveries are posted; http or https. */
      url: string;
      description: string | null;
      /**
       * @description Of the HMAC that signs deliveries.
       * @enum {string}
       */
      signature_algorithm: 'sha256' | 'sha512';
      /** @description An inactive webhook gets no events. */
      is_active: boolean;
      retry_enabled: boolean;
      max_retries: number;
      /** @description Before the first retry; doubles with each. */
      retry_delay_seconds: number;
      /** @description For the whole call. */
      timeout_seconds: number;
      /** @description Calls a second; null: no limit. */
      rate_limit_per_second: number | null;
      /** @description Calls at once after a pause; null: as many as a second has. */
      rate_limit_burst: number | null;
      /** @description One delivery at a time, in order of creation. */
      is_ordered: boolean;
      /** @description Ordered for each value at this JSON pointer (RFC 6901) into the payload; null: over all. */
      ordering_key_path: string | null;
      /** @description Also signed with Ed25519 (`v1a,`), by the keys at `/.well-known/webhook-keys`. */
      sign_asymmetric: boolean;
      /** @description The owner's own, at most 64 KiB. */
      metadata: {
        [key: string]: unknown;
      };
      /** @description The URL has proved that it wants these calls. */
      is_verified: boolean;
      verified_at: string | null;
      verification_requested_at: string | null;
      /** @description Of the last verification. */
      verification_error_code: string | null;
      verification_error: string | null;
      /** @description How many event types its active subscriptions are of. */
      subscribed_event_types: number;
      /** @description Ended deliveries. */
      total_deliveries: number;
      successful_deliveries: number;
      failed_deliveries: number;
      /** @description Failed calls since the last success. */
      consecutive_failures: number;
      last_delivery_at: string | null;
      last_success_at: string | null;
      last_failure_at: string | null;
      /** @description Since when it has only failed. */
      failing_since: string | null;
      inactive_since: string | null;
      /** @description Why the system made it inactive. */
      disabled_reason: string | null;
      /** @description Its Retry-After is kept to. */
      paused_until: string | null;
      /** @description Since when only probes go. */
      breaker_since: string | null;
      /** @description When the next probe may go. */
      breaker_until: string | null;
      /** @description Until when an earlier secret signs, too. */
      secret_overlap_ends_at: string | null;
      /** Format: date-time */
      created_at: string;
      /**
       * Format: date-time
       * @description When its settings last changed.
       */
      updated_at: string;
      /** @description What it is subscribed to. */
      event_types: string[];
      /** @description Signs its deliveries. `GET /v1/webhooks/{webhook_id}/secret` tells it again. */
      secret: string;
    };
    CustomHeaders: {
      names: string[];
      /** @description When they were set; null where there are none. */
      set_at: string | null;
    };
    Delivery: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      webhook_id: string;
      /** Format: uuid */
      user_id: string;
      event_id: string | null;
      event_type: string;
      /**
       * @description `pending` waits to be sent, `retrying` to be sent again; `failed` has used all its attempts.
       * @enum {string}
       */
      status: 'pending' | 'success' | 'retrying' | 'failed';
      /** @description Attempts begun. */
      attempt_number: number;
      max_attempts: number;
      request_url: string;
      response_status: number | null;
      response_time_ms: number | null;
      /** @description Why it is no success; stable. */
      error_code: string | null;
      error_message: string | null;
      /** @description The delivery whose message this one sends again. */
      replay_of: string | null;
      next_retry_at: string | null;
      /** Format: date-time */
      created_at: string;
      attempted_at: string | null;
      delivered_at: string | null;
      failed_at: string | null;
      request_headers: {
        [key: string]: unknown;
      } | null;
      request_signature: string | null;
      response_headers: {
        [key: string]: unknown;
      } | null;
      /** @description Its beginning. */
      response_body: string | null;
      request_method: string;
      /** @description The payload of the event, in its own digits. */
      request_payload: unknown;
      /** @description The system's notes. */
      metadata: {
        [key: string]: unknown;
      };
    };
    DeliveryList: {
      data: components['schemas']['DeliverySummary'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    DeliverySummary: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      webhook_id: string;
      /** Format: uuid */
      user_id: string;
      event_id: string | null;
      event_type: string;
      /**
       * @description `pending` waits to be sent, `retrying` to be sent again; `failed` has used all its attempts.
       * @enum {string}
       */
      status: 'pending' | 'success' | 'retrying' | 'failed';
      /** @description Attempts begun. */
      attempt_number: number;
      max_attempts: number;
      request_url: string;
      response_status: number | null;
      response_time_ms: number | null;
      /** @description Why it is no success; stable. */
      error_code: string | null;
      error_message: string | null;
      /** @description The delivery whose message this one sends again. */
      replay_of: string | null;
      next_retry_at: string | null;
      /** Format: date-time */
      created_at: string;
      attempted_at: string | null;
      delivered_at: string | null;
      failed_at: string | null;
    };
    EndedOverlap: {
      ended_count: number;
    };
    EventResults: {
      /** @description For each event in order: what it has become, or a problem document. */
      results: (
        | components['schemas']['AcceptedEvent']
        | {
            error: {
              [key: string]: unknown;
            };
          }
      )[];
    };
    EventType: {
      /** Format: uuid */
      id: string;
      event_type: string;
      /** @description video, credit, subscription, or your own. */
      category: string;
      description: string | null;
      /** @description A disabled one is not triggered, and nobody new subscribes to it. */
      is_enabled: boolean;
      /** @description What payloads have to fulfil: JSON Schema of draft 2020-12, 2019-09 or 07. Null: anything. */
      payload_schema:
        | {
            [key: string]: unknown;
          }
        | boolean
        | null;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
    };
    EventTypeList: {
      data: components['schemas']['EventType'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    FilterCondition: {
      /** @description Where it looks in the payload, a JSON pointer (RFC 6901). */
      path: string;
      /** @description An operator of filters. A plain value is `$eq`, or `contains` where it is an array or an empty object, or stands against an array. Groups are `$and`, `$or`, `$not` (of all its conditions together) and `$element`: all its conditions have to hold for one element of the array. */
      operator: string;
      /** @description What the filter says. Absent of groups. */
      expected?: unknown;
      /** @description What stands there. Absent when nothing does, when it is over 1 KiB, and of groups. */
      found?: unknown;
      /** @description Something stands there, be it null. */
      is_present: boolean;
      /** @description Null: it took too many steps to tell. */
      holds: boolean | null;
      /** @description Of a group. Those of `$element` are of the element that fulfils them, or else of that which fulfils most; none of an empty array. */
      conditions?: components['schemas']['FilterCondition'][];
    };
    FilterTest: {
      /** @description As of a subscription. */
      filters: {
        [key: string]: unknown;
      };
      payloads: {
        [key: string]: unknown;
      }[];
    };
    FilterTestResults: {
      results: {
        /** @description An event with the payload goes through; also where 10,000 steps do not decide it. */
        matches: boolean;
        conditions: components['schemas']['FilterCondition'][];
      }[];
    };
    Health: {
      /** @enum {string} */
      status: 'ok';
      /**
       * @description Which it is made for.
       * @enum {string}
       */
      database: 'postgres' | 'pglite';
    };
    HourlyStatistics: {
      data: {
        /**
         * Format: date-time
         * @description Its beginning.
         */
        hour: string;
        successful_deliveries: number;
        failed_deliveries: number;
        /** @description Null when nothing got a response. */
        avg_response_time_ms: number | null;
        /** @description Percentiles are interpolated in the buckets of a histogram; 30000 says 30 s or more. */
        p50_response_time_ms: number | null;
        p90_response_time_ms: number | null;
        p95_response_time_ms: number | null;
        p99_response_time_ms: number | null;
      }[];
    };
    NewApiKey: {
      /** Format: uuid */
      id: string;
      /**
       * Format: uuid
       * @description Whom it acts as.
       */
      user_id: string;
      name: string | null;
      /** @description What it begins with. */
      prefix: string;
      /**
       * @description `read` changes nothing, and sees no secret.
       * @enum {string}
       */
      access: 'read' | 'write';
      /** Format: date-time */
      created_at: string;
      expires_at: string | null;
      /** @description When it was last used, to the minute. */
      last_used_at: string | null;
      revoked_at: string | null;
      /** @description The key itself, which is shown this once. */
      key: string;
    };
    /** @description For exactly one of user_id, external_user_id and broadcast. */
    NewEvent: {
      /** @description A registered event type. */
      type: string;
      /** @description 256 KiB at most. It is delivered as it is, and fulfils the schema of the event type. */
      payload: {
        [key: string]: unknown;
      };
      /**
       * Format: uuid
       * @description The user whose webhooks are told.
       */
      user_id?: string;
      /** @description The same user by your application's own id. */
      external_user_id?: string;
      /**
       * @description Instead of a user: everyone is told.
       * @enum {boolean}
       */
      broadcast?: true;
      /** @description Printable ASCII. The same event under the same key is triggered once in 24 hours. */
      idempotency_key?: string;
    };
    NewEvents: {
      events: components['schemas']['NewEvent'][];
    };
    NewPortalToken: {
      /** Format: uuid */
      id: string;
      /**
       * Format: uuid
       * @description Whom it acts as.
       */
      user_id: string;
      name: string | null;
      /** @description What it begins with. */
      prefix: string;
      /**
       * @description `read` changes nothing, and sees no secret.
       * @enum {string}
       */
      access: 'read' | 'write';
      /** Format: date-time */
      created_at: string;
      expires_at: string | null;
      /** @description When it was last used, to the minute. */
      last_used_at: string | null;
      revoked_at: string | null;
      /** @description The token itself, which is shown this once. */
      token: string;
      /** @description Opens the dashboard signed in, put behind the address of this server. It holds the token. */
      dashboard_path: string;
    };
    OverallStatistics: {
      /** @description How many hours it tells of, this one included. */
      hours: number;
      data: {
        /**
         * Format: date-time
         * @description Its beginning.
         */
        hour: string;
        successful_deliveries: number;
        failed_deliveries: number;
        /** @description Null when nothing got a response. */
        avg_response_time_ms: number | null;
        /** @description Percentiles are interpolated in the buckets of a histogram; 30000 says 30 s or more. */
        p50_response_time_ms: number | null;
        p90_response_time_ms: number | null;
        p95_response_time_ms: number | null;
        p99_response_time_ms: number | null;
      }[];
      total: {
        successful_deliveries: number;
        failed_deliveries: number;
        /** @description In percent; null when nothing ended. */
        success_rate: number | null;
        /** @description Null when nothing got a response. */
        avg_response_time_ms: number | null;
        /** @description Percentiles are interpolated in the buckets of a histogram; 30000 says 30 s or more. */
        p50_response_time_ms: number | null;
        p90_response_time_ms: number | null;
        p95_response_time_ms: number | null;
        p99_response_time_ms: number | null;
      };
      /** @description The 20 with most ends, the most first. */
      event_types: {
        event_type: string;
        successful_deliveries: number;
        failed_deliveries: number;
      }[];
      /** @description The 10 with most failures, the most first; those without a failure are absent. */
      worst_webhooks: {
        /** Format: uuid */
        webhook_id: string;
        name: string;
        url: string;
        /**
         * Format: uuid
         * @description Its owner.
         */
        user_id: string;
        successful_deliveries: number;
        failed_deliveries: number;
        /** @description In percent; null when nothing ended. */
        success_rate: number | null;
        p95_response_time_ms: number | null;
      }[];
    };
    PayloadCheck: {
      is_valid: boolean;
      /** @description What is wrong where; 20 places at most. */
      errors: {
        /** @description Where in the body of this request, a JSON pointer (RFC 6901). */
        pointer: string;
        detail: string;
      }[];
    };
    PayloadToCheck: {
      /** @description 256 KiB at most. */
      payload: {
        [key: string]: unknown;
      };
    };
    PortalToken: {
      /** Format: uuid */
      id: string;
      /**
       * Format: uuid
       * @description Whom it acts as.
       */
      user_id: string;
      name: string | null;
      /** @description What it begins with. */
      prefix: string;
      /**
       * @description `read` changes nothing, and sees no secret.
       * @enum {string}
       */
      access: 'read' | 'write';
      /** Format: date-time */
      created_at: string;
      expires_at: string | null;
      /** @description When it was last used, to the minute. */
      last_used_at: string | null;
      revoked_at: string | null;
    };
    PortalTokenList: {
      data: components['schemas']['PortalToken'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    /** @description A problem document (RFC 9457). */
    Problem: {
      /** @description `urn:hookline:problem:` and the code. */
      type: string;
      /** @description What the code means. */
      title: string;
      status: number;
      /** @description What is wrong with this request. */
      detail: string;
      /** @description Stable: codes are added, never renamed. */
      code: string;
      /** @description What to mend. */
      hint?: string;
      errors?: {
        /** @description Where in the body, a JSON pointer (RFC 6901). */
        pointer: string;
        detail: string;
      }[];
      /** @description As in the header `X-Request-Id`. */
      request_id?: string;
    };
    PutSubscription: {
      /** @description An inactive subscription lets nothing through. */
      is_active?: boolean;
      /** @description Null: every event of the type. */
      filters?: {
        [key: string]: unknown;
      } | null;
    };
    Queue: {
      /** @description Not tried yet, and not in flight. */
      waiting: number;
      /** @description Tried before, and waiting for the next attempt or its turn. */
      retrying: number;
      /** @description Held by a worker. */
      in_flight: number;
      /** @description Since when what has waited longest could have gone; null when nothing is due. */
      oldest_due_at: string | null;
      /** @description There is more than was counted. */
      is_capped: boolean;
    };
    Readiness: {
      /** @enum {string} */
      status: 'ready' | 'degraded' | 'not_ready';
      checks: {
        process: components['schemas']['ReadinessCheck'];
        database: components['schemas']['ReadinessCheck'];
        migrations: components['schemas']['ReadinessCheck'];
        worker: components['schemas']['ReadinessCheck'];
        queue: components['schemas']['ReadinessCheck'];
      };
    };
    ReadinessCheck: {
      /**
       * @description Degraded is told alone: it does not make the process not ready.
       * @enum {string}
       */
      status: 'ok' | 'degraded' | 'failed' | 'skipped';
      /** @description What was found. */
      detail?: string;
      /** @description What to do about it. */
      hint?: string;
    };
    Replay: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      webhook_id: string;
      /** Format: uuid */
      user_id: string;
      /**
       * @description `completed`: a delivery was made for each. `expired`: it waited for its webhook for too long.
       * @enum {string}
       */
      state: 'running' | 'completed' | 'cancelled' | 'expired';
      /** @enum {string} */
      status_filter: 'failed' | 'all';
      /** @description Null: from the beginning. */
      since: string | null;
      /** Format: date-time */
      until: string;
      rate_per_second: number;
      /** @description Deliveries that were counted at its beginning. */
      total: number;
      /** @description Deliveries that it has made. */
      created: number;
      /** @description What keeps it from going on. */
      waiting_for: ('inactive' | 'unverified' | 'paused' | 'backlog') | null;
      waiting_since: string | null;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      ended_at: string | null;
    };
    ReplayCount: {
      total: number;
    };
    ReplayList: {
      data: components['schemas']['Replay'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    RequestedVerification: {
      /** Format: uuid */
      webhook_id: string;
      /** Format: date-time */
      requested_at: string;
    };
    RotateSecret: {
      /**
       * @description 0 to 30 days.
       * @default 86400
       */
      overlap_seconds: number;
    };
    RotatedSecret: {
      secret: string;
      /** Format: date-time */
      overlap_ends_at: string;
    };
    Secret: {
      secret: string;
    };
    SentTestEvent: {
      /** Format: uuid */
      delivery_id: string;
      event_type: string;
    };
    Session: {
      /** @enum {string} */
      kind: 'user' | 'service';
      /** @description Whom it acts as; null for the service. */
      user_id: string | null;
      /**
       * @description `read` changes nothing, and sees no secret.
       * @enum {string}
       */
      access: 'read' | 'write';
      /** @description When it ends; null for a bearer that does not end by itself. */
      expires_at: string | null;
      /** @description For the header `x-csrf-token` of whatever is sent by the cookie and changes something; null for a bearer. */
      csrf_token: string | null;
      /** @description The version of the server. */
      version: string;
    };
    SigningKey: {
      /** @description `kid` in the key set. */
      id: string;
      /** @description `whpk_` and the 32 bytes in base64, as Standard Webhooks shows them. */
      public_key: string;
      /**
       * @description `retiring` still signs beside the current one; `retired` is only published.
       * @enum {unknown}
       */
      state: 'current' | 'retiring' | 'retired';
      /** Format: date-time */
      created_at: string;
      /** @description Until when it signs. */
      retired_at: string | null;
      published_until: string | null;
    };
    SigningKeys: {
      data: components['schemas']['SigningKey'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    Statistics: {
      total_deliveries: number;
      successful_deliveries: number;
      failed_deliveries: number;
      /** @description In percent; null when nothing ended. */
      success_rate: number | null;
      /** @description Over deliveries that got a response. */
      avg_response_time_ms: number | null;
      /** @description By UTC day; days without one are absent. */
      deliveries_by_day: {
        [key: string]: number;
      };
      /** @description By event type. */
      deliveries_by_event_type: {
        [key: string]: number;
      };
    };
    Subscription: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      webhook_id: string;
      event_type: string;
      /** @description An inactive subscription lets nothing through. */
      is_active: boolean;
      /** @description Null: every event of the type. */
      filters: {
        [key: string]: unknown;
      } | null;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
    };
    SubscriptionList: {
      data: components['schemas']['Subscription'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    TestEvent: {
      /** @description A registered one; by default `webhook.test`. */
      event_type?: string;
      /** @description By default `{"test": true}` with the ids. */
      payload?: {
        [key: string]: unknown;
      };
    };
    User: {
      /** Format: uuid */
      user_id: string;
      /** @description The id that the application has, where it is no UUID of auth.users. */
      external_user_id: string | null;
      /** @description Null where auth.users does not say. */
      created_at: string | null;
      webhooks: number;
      active_webhooks: number;
      /** @description Those that the system keeps from being called: disabled by it, paused, or with an open breaker. */
      stopped_webhooks: number;
      last_delivery_at: string | null;
      /** @description Of the webhooks that there are. */
      successful_deliveries: number;
      failed_deliveries: number;
    };
    UserList: {
      data: components['schemas']['User'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    Webhook: {
      /** Format: uuid */
      id: string;
      /**
       * Format: uuid
       * @description Its owner.
       */
      user_id: string;
      name: string;
      /** @description Where deliveries are posted; http or https. */
      url: string;
      description: string | null;
      /**
       * @description Of the HMAC that signs deliveries.
       * @enum {string}
       */
      signature_algorithm: 'sha256' | 'sha512';
      /** @description An inactive webhook gets no events. */
      is_active: boolean;
      retry_enabled: boolean;
      max_retries: number;
      /** @description Before the first retry; doubles with each. */
      retry_delay_seconds: number;
      /** @description For the whole call. */
      timeout_seconds: number;
      /** @description Calls a second; null: no limit. */
      rate_limit_per_second: number | null;
      /** @description Calls at once after a pause; null: as many as a second has. */
      rate_limit_burst: number | null;
      /** @description One delivery at a time, in order of creation. */
      is_ordered: boolean;
      /** @description Ordered for each value at this JSON pointer (RFC 6901) into the payload; null: over all. */
      ordering_key_path: string | null;
      /** @description Also signed with Ed25519 (`v1a,`), by the keys at `/.well-known/webhook-keys`. */
      sign_asymmetric: boolean;
      /** @description The owner's own, at most 64 KiB. */
      metadata: {
        [key: string]: unknown;
      };
      /** @description The URL has proved that it wants these calls. */
      is_verified: boolean;
      verified_at: string | null;
      verification_requested_at: string | null;
      /** @description Of the last verification. */
      verification_error_code: string | null;
      verification_error: string | null;
      /** @description How many event types its active subscriptions are of. */
      subscribed_event_types: number;
      /** @description Ended deliveries. */
      total_deliveries: number;
      successful_deliveries: number;
      failed_deliveries: number;
      /** @description Failed calls since the last success. */
      consecutive_failures: number;
      last_delivery_at: string | null;
      last_success_at: string | null;
      last_failure_at: string | null;
      /** @description Since when it has only failed. */
      failing_since: string | null;
      inactive_since: string | null;
      /** @description Why the system made it inactive. */
      disabled_reason: string | null;
      /** @description Its Retry-After is kept to. */
      paused_until: string | null;
      /** @description Since when only probes go. */
      breaker_since: string | null;
      /** @description When the next probe may go. */
      breaker_until: string | null;
      /** @description Until when an earlier secret signs, too. */
      secret_overlap_ends_at: string | null;
      /** Format: date-time */
      created_at: string;
      /**
       * Format: date-time
       * @description When its settings last changed.
       */
      updated_at: string;
    };
    WebhookKeySet: {
      keys: {
        /** @enum {string} */
        kty: 'OKP';
        /** @enum {string} */
        crv: 'Ed25519';
        /** @enum {string} */
        alg: 'EdDSA';
        /** @enum {string} */
        use: 'sig';
        /** @description The thumbprint of the key (RFC 7638). */
        kid: string;
        /** @description The public key. */
        x: string;
      }[];
    };
    WebhookList: {
      data: components['schemas']['Webhook'][];
      /** @description For `cursor` of the next page; null at the end. */
      next_cursor: string | null;
    };
    Worker: {
      /** Format: uuid */
      id: string;
      /** @description Of its machine and process. */
      name: string;
      /** Format: date-time */
      started_at: string;
      /**
       * Format: date-time
       * @description It beats every five seconds.
       */
      heartbeat_at: string;
      /** @description It has beaten within 15 seconds; else others take over what it holds. */
      is_alive: boolean;
      /** @description It waits to be told of new work. */
      is_idle: boolean;
      /** @description Deliveries that it holds. */
      in_flight: number;
      /** @description Its share of the calls in flight of a webhook; null: it has none. */
      calls_per_webhook: number | null;
      /** @description Its share of the calls in flight of a user; null: it has none. */
      calls_per_user: number | null;
      /** @description Transactions that were rolled back and tried again since it started. */
      rollbacks: number;
    };
    WorkerList: {
      data: components['schemas']['Worker'][];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getOpenApi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The OpenAPI 3.1 document. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `shutting_down`: The server is shutting down. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It can, with or without something to tell. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description It cannot.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookKeys: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags that the caller has: 304 for one of them. */
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The keys. */
      200: {
        headers: {
          etag?: string;
          'cache-control'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookKeySet'];
        };
      };
      /** @description The caller has them. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createEvents: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 255 printable ASCII characters; 251 for a batch. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewEvent'] | components['schemas']['NewEvents'];
      };
    };
    responses: {
      /** @description It came before under this key: the answer of then. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptedEvent'];
        };
      };
      /** @description Triggered. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptedEvent'] | components['schemas']['EventResults'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_conflict`: The idempotency key was used with another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `body_too_large`: The body is larger than the limit.
       *
       *     `payload_too_large`: The payload is larger than 256 KiB.
       */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_event_type`: The event type is not registered, or disabled.
       *
       *     `unknown_user`: There is no such user.
       *
       *     `invalid_payload`: The payload cannot be used.
       *
       *     `invalid_payload_schema`: The schema of the event type cannot be used.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `rate_limited`: Too many requests in a minute.
       *
       *     `backlog_full`: The user has too many unfinished deliveries.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: {
        is_active?: boolean;
        event_type?: string;
        /** @description `breaker_open`: only probes go. `paused`: until a time that is still to come. `disabled`: the system made it inactive. `unverified`: its URL has not proved that it wants these calls. `failing`: it has only failed of late. */
        condition?: 'breaker_open' | 'paused' | 'disabled' | 'unverified' | 'failing';
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of webhooks. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateWebhook'];
      };
    };
    responses: {
      /** @description The webhook. */
      201: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedWebhook'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_quota_reached`: The user has as many webhooks as the quota allows. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_url`: The URL must start with http:// or https://.
       *
       *     `invalid_parameter`: A parameter is out of its range.
       *
       *     `unknown_event_type`: The event type is not registered, or disabled.
       *
       *     `unknown_user`: There is no such user.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The webhook. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
      };
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
      };
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    /** @description What is left out stays as it is. */
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeWebhook'];
      };
    };
    responses: {
      /** @description The webhook as it is now. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_url`: The URL must start with http:// or https://.
       *
       *     `invalid_parameter`: A parameter is out of its range.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The secret that signs now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Secret'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `secret_key_missing`: Secrets are encrypted with a key that is not set here.
       *
       *     `secret_unreadable`: A stored secret cannot be decrypted.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['RotateSecret'];
      };
    };
    responses: {
      /** @description The new secret. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RotatedSecret'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_secrets`: Too many earlier secrets of the webhook still sign. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endWebhookSecretOverlap: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many earlier secrets ended. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EndedOverlap'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  verifyWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is under way. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RequestedVerification'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  sendTestEvent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['TestEvent'];
      };
    };
    responses: {
      /** @description It will be sent within a second or so. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SentTestEvent'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `webhook_inactive`: The webhook is inactive.
       *
       *     `webhook_unverified`: The URL of the webhook has not been verified.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `body_too_large`: The body is larger than the limit.
       *
       *     `payload_too_large`: The payload is larger than 256 KiB.
       */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_event_type`: The event type is not registered, or disabled.
       *
       *     `invalid_payload`: The payload cannot be used.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `rate_limited`: Too many requests in a minute.
       *
       *     `test_too_soon`: A test event was sent to this webhook a moment ago.
       *
       *     `backlog_full`: The user has too many unfinished deliveries.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSubscriptions: {
    parameters: {
      query?: {
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of subscriptions. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SubscriptionList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags that the caller has: 304 for one of them. */
        'if-none-match'?: string;
      };
      path: {
        /** @description The webhook. */
        webhook_id: string;
        event_type: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The subscription. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscription'];
        };
      };
      /** @description It is of the version of If-None-Match. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `webhook_not_found`: There is no such webhook, or it is not yours.
       *
       *     `subscription_not_found`: The webhook is not subscribed to this event type.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putSubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
        /** @description `*`: only what is not there yet is made, else 412. */
        'if-none-match'?: string;
      };
      path: {
        /** @description The webhook. */
        webhook_id: string;
        event_type: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['PutSubscription'];
      };
    };
    responses: {
      /** @description It was there, and is as asked. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscription'];
        };
      };
      /** @description It is new. */
      201: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscription'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_event_type`: The event type is not registered, or disabled.
       *
       *     `invalid_filter`: The filter is not well formed.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteSubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
      };
      path: {
        /** @description The webhook. */
        webhook_id: string;
        event_type: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `webhook_not_found`: There is no such webhook, or it is not yours.
       *
       *     `subscription_not_found`: The webhook is not subscribed to this event type.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateSubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
      };
      path: {
        /** @description The webhook. */
        webhook_id: string;
        event_type: string;
      };
      cookie?: never;
    };
    /** @description What is left out stays as it is. */
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeSubscription'];
      };
    };
    responses: {
      /** @description The subscription as it is now. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscription'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `webhook_not_found`: There is no such webhook, or it is not yours.
       *
       *     `subscription_not_found`: The webhook is not subscribed to this event type.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_filter`: The filter is not well formed.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEventTypes: {
    parameters: {
      query?: {
        category?: string;
        is_enabled?: boolean;
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of event types. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventTypeList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createEventType: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateEventType'];
      };
    };
    responses: {
      /** @description The event type. */
      201: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventType'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `event_type_exists`: There is an event type of this name. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_payload_schema`: The schema of the event type cannot be used.
       *
       *     `invalid_payload`: The payload cannot be used.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getEventType: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags that the caller has: 304 for one of them. */
        'if-none-match'?: string;
      };
      path: {
        event_type: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The event type. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventType'];
        };
      };
      /** @description It is of If-None-Match’s version. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `event_type_not_found`: There is no such event type. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteEventType: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
      };
      path: {
        event_type: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `event_type_not_found`: There is no such event type. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `event_type_in_use`: Subscriptions or deliveries need the event type. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateEventType: {
    parameters: {
      query?: {
        /** @description Change nothing: only tell what it would break. */
        dry_run?: boolean;
      };
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
      };
      path: {
        event_type: string;
      };
      cookie?: never;
    };
    /** @description What is left out stays as it is. */
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeEventType'];
      };
    };
    responses: {
      /** @description The event type as it is now; after a dry run as it was. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ChangedEventType'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `event_type_not_found`: There is no such event type. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_payload_schema`: The schema of the event type cannot be used.
       *
       *     `invalid_payload`: The payload cannot be used.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  checkPayload: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_type: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PayloadToCheck'];
      };
    };
    responses: {
      /** @description Whether an event may have the payload. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PayloadCheck'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `event_type_not_found`: There is no such event type. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `body_too_large`: The body is larger than the limit.
       *
       *     `payload_too_large`: The payload is larger than 256 KiB.
       */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_payload_schema`: The schema of the event type cannot be used.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  testFilter: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['FilterTest'];
      };
    };
    responses: {
      /** @description What came of each payload, in order. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FilterTestResults'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `body_too_large`: The body is larger than the limit.
       *
       *     `payload_too_large`: The payload is larger than 256 KiB.
       */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_filter`: The filter is not well formed.
       *
       *     `invalid_payload`: The payload cannot be used.
       *
       *     `invalid_parameter`: A parameter is out of its range.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAiContent: {
    parameters: {
      query?: {
        event_name?: string;
        /** @description Of the callback to the gateway; `refused`: its URL is not one that may be called. */
        callback_state?: 'pending' | 'done' | 'failed' | 'expired' | 'refused';
        /** @description Of the event of the same name; `skipped`: there is no such event type, or no such user. */
        event_state?: 'pending' | 'done' | 'failed' | 'expired' | 'skipped';
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of received webhooks. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AiContentList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_stored_elsewhere`: AI webhooks are stored in another database, which knows no users. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal_error`: Something went wrong on our side. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAiContent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The received webhook. */
        content_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The received webhook. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AiContent'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_not_found`: There is no such content, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_stored_elsewhere`: AI webhooks are stored in another database, which knows no users. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal_error`: Something went wrong on our side. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeliveries: {
    parameters: {
      query?: {
        /** @description Of this webhook. */
        webhook_id?: string;
        event_type?: string;
        status?: 'pending' | 'success' | 'retrying' | 'failed';
        /** @description Of the latest answer: a status as `404`, a class as `5xx`, or `none`: there was no answer, or none yet. */
        response_status?: string;
        /** @description Those that this event made, without their replays. */
        event_id?: string;
        /**
         * @description Made then or later.
         * @example 2026-01-31T12:00:00Z
         */
        since?: string;
        /**
         * @description Made then or earlier.
         * @example 2026-01-31T12:00:00Z
         */
        until?: string;
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of deliveries. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeliveryList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The delivery. */
        delivery_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The delivery. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delivery'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `delivery_not_found`: There is no such delivery, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeliveryAttempts: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The delivery. */
        delivery_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The attempts. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AttemptList'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `delivery_not_found`: There is no such delivery, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDeliveryBody: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The delivery. */
        delivery_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The body. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `delivery_not_found`: There is no such delivery, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retryDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The delivery. */
        delivery_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The delivery, which is due. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delivery'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `delivery_not_found`: There is no such delivery, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `delivery_not_failed`: The delivery has not failed. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listReplays: {
    parameters: {
      query?: {
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of replays. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplayList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createReplay: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateReplay'];
      };
    };
    responses: {
      /** @description How many it would be, of a dry run. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplayCount'];
        };
      };
      /** @description The replay, which begins within a second. */
      202: {
        headers: {
          location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Replay'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `replay_running`: A replay of this webhook is running. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_parameter`: A parameter is out of its range.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReplay: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The replay. */
        replay_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The replay, and how far it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Replay'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `replay_not_found`: There is no such replay, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelReplay: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The replay. */
        replay_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The replay. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Replay'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `replay_not_found`: There is no such replay, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAllReplays: {
    parameters: {
      query?: {
        state?: 'running' | 'completed' | 'cancelled' | 'expired';
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of replays. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplayList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookStatistics: {
    parameters: {
      query?: {
        days?: number;
      };
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What ended. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Statistics'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookHourlyStatistics: {
    parameters: {
      query?: {
        hours?: number;
      };
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What ended in each hour. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HourlyStatistics'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getStatistics: {
    parameters: {
      query?: {
        hours?: number;
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What ended. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OverallStatistics'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unknown_user`: There is no such user.
       *
       *     `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getQueue: {
    parameters: {
      query?: {
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is unfinished. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Queue'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unknown_user`: There is no such user.
       *
       *     `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWorkers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The workers. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkerList'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        /** @description What `external_user_id` holds, in whichever case, or `user_id` begins with. */
        search?: string;
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of users. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookHeaders: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The names. Nobody reads the values again. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CustomHeaders'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setWebhookHeaders: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
      };
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Name to value: at most 20, 16 KiB together. A name is a token of RFC 9110, and not reserved: HTTP’s own headers and Hookline’s, `content-*`, `proxy-*`, `webhook-*`, `x-webhook-*`, `x-forwarded-*`, … A value has 1 to 4,096 visible ASCII characters, and spaces between them.
           * @example {
           *       "Authorization": "Bearer …"
           *     }
           */
          headers: {
            [key: string]: string;
          };
        };
      };
    };
    responses: {
      /** @description The names. Nobody reads the values again. */
      200: {
        headers: {
          /** @description The version of its settings. */
          etag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CustomHeaders'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `invalid_headers`: The custom headers cannot be set.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteWebhookHeaders: {
    parameters: {
      query?: never;
      header?: {
        /** @description ETags, or `*`: only what is still of one of these versions is changed, else 412. */
        'if-match'?: string;
      };
      path: {
        /** @description The webhook. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description There are none. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `webhook_not_found`: There is no such webhook, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_changed`: It has changed since the version that If-Match names. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSigningKeys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The keys that sign or are published, the current one first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SigningKeys'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateSigningKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /**
           * @description For how long the earlier keys sign beside the new one.
           * @default 86400
           */
          overlap_seconds?: number;
          /**
           * @description For how long they are published after that. 0, with an overlap of 0: nobody is to trust them any more.
           * @default 604800
           */
          published_seconds?: number;
        };
      };
    };
    responses: {
      /** @description The keys that sign or are published, the current one first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SigningKeys'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_signing_keys`: Too many earlier keys of the installation still sign. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        /** @description What was done. */
        action?:
          | 'webhook.created'
          | 'webhook.updated'
          | 'webhook.deleted'
          | 'webhook.activated'
          | 'webhook.deactivated'
          | 'webhook.moved'
          | 'webhook.secret_rotated'
          | 'webhook.secret_overlap_ended'
          | 'webhook.headers_set'
          | 'webhook.verified'
          | 'webhook.unverified'
          | 'subscription.created'
          | 'subscription.updated'
          | 'subscription.deleted'
          | 'api_key.created'
          | 'api_key.revoked'
          | 'api_key.deleted'
          | 'portal_token.created'
          | 'portal_token.revoked'
          | 'portal_token.deleted'
          | 'event_type.created'
          | 'event_type.updated'
          | 'event_type.deleted'
          | 'replay.created'
          | 'replay.cancelled'
          | 'signing_key.created'
          | 'signing_key.retired'
          | 'signing_key.deleted'
          | 'secret_key.created'
          | 'secret_key.deleted'
          | 'settings.updated'
          | 'user_limits.created'
          | 'user_limits.updated'
          | 'user_limits.deleted'
          | 'user.erased';
        /** @description `thing_id`. */
        thing?: string;
        /** @description `actor_id`. */
        actor?: string;
        /**
         * @description Then or later.
         * @example 2026-01-31T12:00:00Z
         */
        since?: string;
        /**
         * @description Then or earlier.
         * @example 2026-01-31T12:00:00Z
         */
        until?: string;
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of entries. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamDeliveries: {
    parameters: {
      query?: {
        /** @description Of this webhook alone. */
        webhook_id?: string;
        /** @description Of this event type alone. */
        event_type?: string;
        /** @description Changes that lead to this status alone. */
        status?: 'pending' | 'success' | 'retrying' | 'failed';
        /** @description Of this user alone; for the service. */
        user_id?: string;
        /** @description The same, by the application’s own id. */
        external_user_id?: string;
      };
      header?: {
        /** @description The id of the event after which to go on. */
        'last-event-id'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unknown_user`: There is no such user. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `rate_limited`: Too many requests in a minute.
       *
       *     `too_many_streams`: The user has too many streams open.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          /**
           * @description `read` changes nothing, and sees no secret.
           * @enum {string}
           */
          access: 'read' | 'write';
          /** @description Left out: it does not expire. */
          expires_in_seconds?: number;
          /**
           * Format: uuid
           * @description For the service: the user, by the UUID of auth.users.
           */
          user_id?: string;
          /** @description For the service: the user, by the id that the application has. */
          external_user_id?: string;
        };
      };
    };
    responses: {
      /** @description Made. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewApiKey'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       *
       *     `forbidden`: This route is for the service alone.
       *
       *     `sign_in_required`: This takes a signed-in user: a key or token makes no other.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `api_key_quota_reached`: The user has as many API keys as the quota allows. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       *
       *     `invalid_parameter`: A parameter is out of its range.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The key. */
        api_key_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The key. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `access_token_not_found`: There is no such API key or portal token, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The key. */
        api_key_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoked, now or before. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       *
       *     `sign_in_required`: This takes a signed-in user: a key or token makes no other.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `access_token_not_found`: There is no such API key or portal token, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPortalTokens: {
    parameters: {
      query?: {
        /** @description How many at most. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
        /** @description For the service: the user, by the UUID of auth.users. */
        user_id?: string;
        /** @description For the service: the user, by the id that the application has. */
        external_user_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PortalTokenList'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_cursor`: The cursor is none that a page of this list gave.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createPortalToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description `read` changes nothing, and sees no secret.
           * @enum {string}
           */
          access: 'read' | 'write';
          /** @default 3600 */
          expires_in_seconds?: number;
          /** @description What it is for. */
          name?: string;
          /**
           * Format: uuid
           * @description For the service: the user, by the UUID of auth.users.
           */
          user_id?: string;
          /** @description For the service: the user, by the id that the application has. */
          external_user_id?: string;
        };
      };
    };
    responses: {
      /** @description Made. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewPortalToken'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `read_only_credential`: This key or token may only read.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `unknown_user`: There is no such user.
       *
       *     `invalid_parameter`: A parameter is out of its range.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPortalToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The token. */
        portal_token_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The token. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PortalToken'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `access_token_not_found`: There is no such API key or portal token, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokePortalToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The token. */
        portal_token_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoked, now or before. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       *
       *     `forbidden`: This route is for the service alone.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `access_token_not_found`: There is no such API key or portal token, or it is not yours. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       *
       *     `service_key_not_set`: This route needs HOOKLINE_SERVICE_KEY, which is not set.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Who is signed in. */
      200: {
        headers: {
          /** @description `hookline_session`, where a session begins. */
          'set-cookie'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description A portal token, an API key, a JWT or the service key. */
          token: string;
        };
      };
    };
    responses: {
      /** @description Who is signed in. */
      200: {
        headers: {
          /** @description `hookline_session`, where a session begins. */
          'set-cookie'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /**
       * @description `invalid_request`: The request is not well formed.
       *
       *     `invalid_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `body_too_large`: The body is larger than the limit. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `not_storable`: PostgreSQL cannot store a NUL character or a lone surrogate.
       *
       *     `credential_too_long`: The credential is too long for the cookie of a session.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Signed out, now or before. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request`: The request is not well formed. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: The request carries no valid credentials.
       *
       *     `malformed_token`: The token is not a JWT with the claims that are needed.
       *
       *     `invalid_token`: The token is not signed with a key and algorithm that are known here.
       *
       *     `token_expired`: The token has expired.
       *
       *     `unknown_token`: The API key or portal token is not known here.
       *
       *     `token_revoked`: The API key or portal token was revoked.
       *
       *     `token_not_active`: The token is not valid yet.
       *
       *     `invalid_token_audience`: The token is for another audience.
       *
       *     `invalid_token_issuer`: The token comes from another issuer.
       *
       *     `invalid_token_role`: The role of the token is not taken.
       *
       *     `invalid_token_subject`: The token names no user.
       *
       *     `token_user_unknown`: The user of the token is not known here.
       *
       *     `session_expired`: The session has ended, or is none of this server.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf_token_missing`: The request comes by a session, and lacks its CSRF token.
       *
       *     `cross_origin_request`: The request comes by a session, from a page of another origin.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `host_not_allowed`: The dashboard may not be opened under this host name. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests in a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `token_keys_not_set`: Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.
       *
       *     `jwks_unavailable`: The keys at HOOKLINE_JWKS_URL cannot be fetched.
       *
       *     `database_unavailable`: The database cannot be reached or is overloaded.
       *
       *     `shutting_down`: The server is shutting down.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
