-- Records a batch of results, each under its lease. Waits for no lock on a webhook: such results come back with isRecorded NULL. The arrays are parallel; one of
-- nulls alone may be NULL.
-- Gives nothing for a plain success.
-- $1 uuid[] deliveries        $2 uuid[] webhooks            $3 uuid[] leases              $4 int[] numbers of the attempts
-- $5 timestamptz[] begun      $6 text[] URLs (NULL: as on the delivery)                   $7 text[] request headers as JSON
-- $8 text[] signatures        $9 int[] response statuses    $10 text[] response headers   $11 text[] response bodies
-- $12 int[] response times    $13 text[] error codes        $14 text[] error messages     $15 numeric[] seconds of Retry-After
SELECT delivery_id AS "deliveryId", lease_id AS "leaseId", is_recorded AS "isRecorded", status, next_retry_at AS "nextRetryAt", is_stopped AS "isStopped"
FROM hookline.record_results($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::int[], $10::text[],
  $11::text[], $12::int[], $13::text[], $14::text[], $15::numeric[], false)
