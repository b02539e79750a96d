-- Webhooks of the caller, the newest first, as the API shows them: never with secret or verification token.
-- $1 one webhook, or NULL: all
-- $2 those of this user, or NULL
-- $3 those that are active, or not, or NULL
-- $4 those that subscribe to this event type, or NULL
-- $5 time and $6 id of the row that the list goes on after, or NULL
-- $7 how many at most
-- $8 in this condition, or NULL: breaker_open, paused, disabled (by the system), unverified or failing; each has an index
SELECT s.id, s.created_at AS at, s.updated_at, to_json(s)::text AS json FROM (
  SELECT w.id::text, w.user_id, w.name, w.url, w.description, w.signature_algorithm, w.is_active, w.is_verified,
         to_char(w.verified_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS verified_at,
         to_char(w.verification_requested_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS verification_requested_at,
         w.verification_error_code, w.verification_error,
         w.retry_enabled, w.max_retries, w.retry_delay_seconds, w.timeout_seconds,
         w.rate_limit_per_second, w.rate_limit_burst, w.is_ordered, w.ordering_key_path, w.sign_asymmetric,
         w.total_deliveries, w.successful_deliveries, w.failed_deliveries, w.consecutive_failures,
         to_char(w.last_delivery_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS last_delivery_at,
         to_char(w.last_success_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS last_success_at,
         to_char(w.last_failure_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS last_failure_at,
         to_char(w.failing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS failing_since,
         to_char(w.inactive_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS inactive_since,
         w.disabled_reason,
         to_char(w.paused_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS paused_until,
         to_char(w.breaker_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS breaker_since,
         to_char(w.breaker_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS breaker_until,
         to_char((SELECT max(u) FROM unnest(w.retired_secrets_until) u WHERE u > now()) AT TIME ZONE 'UTC',
                 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS secret_overlap_ends_at,
         (SELECT count(*)::integer FROM public.webhook_event_subscriptions e WHERE e.webhook_id = w.id AND e.is_active) AS subscribed_event_types,
         w.metadata,
         to_char(w.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
         to_char(w.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at
    FROM public.webhooks w
   WHERE ($1::text IS NULL OR w.id = $1::text::uuid)
     AND ($2::text IS NULL OR w.user_id = $2::text::uuid)
     AND ($3::boolean IS NULL OR w.is_active = $3::boolean)
     AND ($4::text IS NULL OR EXISTS (
       SELECT FROM public.webhook_event_subscriptions s WHERE s.webhook_id = w.id AND s.event_type = $4::text))
     AND ($8::text IS NULL
       OR ($8::text = 'breaker_open' AND w.breaker_since IS NOT NULL)
       OR ($8::text = 'paused' AND w.paused_until > now())
       OR ($8::text = 'disabled' AND NOT w.is_active AND w.disabled_reason IS NOT NULL)
       OR ($8::text = 'unverified' AND NOT w.is_verified)
       OR ($8::text = 'failing' AND w.failing_since IS NOT NULL))
     AND ($6::text IS NULL OR (w.created_at, w.id) < ($5::text::timestamptz, $6::text::uuid))
   ORDER BY w.created_at DESC, w.id DESC
   LIMIT $7::integer
) s
ORDER BY s.created_at DESC, s.id DESC;
