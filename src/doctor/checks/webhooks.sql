-- Webhooks in trouble. No parameters.
SELECT (SELECT s.verification FROM hookline.settings s) AS verification,
       count(*) FILTER (WHERE w.is_active)::int AS active,
       count(*) FILTER (WHERE w.is_active AND NOT w.is_verified)::int AS unverified,
       count(*) FILTER (WHERE w.is_active AND w.failing_since < now() - interval '1 day')::int AS failing,
       (array_agg(w.id::text ORDER BY w.failing_since) FILTER (WHERE w.is_active AND w.failing_since < now() - interval '1 day'))[1:3] AS "failingIds",
       count(*) FILTER (WHERE w.is_active AND w.breaker_since IS NOT NULL)::int AS broken,
       (array_agg(w.id::text ORDER BY w.breaker_since) FILTER (WHERE w.is_active AND w.breaker_since IS NOT NULL))[1:3] AS "brokenIds",
       extract(day FROM (SELECT s.failing_limit FROM hookline.settings s))::int AS "failingDays"
  FROM public.webhooks w;
