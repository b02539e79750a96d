-- get_webhook_statistics as one JSON text, as the owner of the webhook.
-- $1 webhook
SELECT row_to_json(s)::text AS statistics, s.total_deliveries::integer AS total, s.successful_deliveries::integer AS successful
  FROM get_webhook_statistics(p_webhook_id := $1::uuid, p_days := 7) AS s;
