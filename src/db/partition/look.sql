-- How far public.webhook_deliveries is on its way to partitions. No parameters.
--   inTheWay   what stands on the table by its identity, and would stay with the rows of before: not ours
SELECT c.relkind = 'p' AS "isPartitioned",
       pg_has_role(c.relowner, 'USAGE') AS "isOwned",
       greatest(0, c.reltuples)::float8 AS rows,
       pg_total_relation_size(c.oid)::float8 AS bytes,
       (SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = to_regclass('public.webhook_deliveries_id_created_at')) AS "keyIsValid",
       (SELECT substring(pg_get_constraintdef(k.oid) FROM '''([^'']+)''')::timestamptz > now() + interval '1 day' FROM pg_constraint k
         WHERE k.conrelid = c.oid AND k.conname = 'before_partitions') AS "boundIsFar",
       ARRAY(
         SELECT DISTINCT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend d
         WHERE d.deptype = 'n' AND ((d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid) OR (d.refclassid = 'pg_type'::regclass AND d.refobjid = c.reltype))
           AND NOT EXISTS (SELECT FROM pg_rewrite r WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.ev_class = 'public.webhook_delivery_attempts'::regclass)
           AND NOT EXISTS (SELECT FROM pg_trigger t WHERE d.classid = 'pg_trigger'::regclass AND t.oid = d.objid AND t.tgrelid = c.oid)
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE d.classid = 'pg_constraint'::regclass AND k.oid = d.objid AND k.conrelid = c.oid)
           AND NOT EXISTS (SELECT FROM pg_policy p WHERE d.classid = 'pg_policy'::regclass AND p.oid = d.objid AND p.polrelid = c.oid)
         UNION ALL
         SELECT format('publication %I', p.pubname) FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE r.prrelid = c.oid
         ORDER BY 1) AS "inTheWay"
FROM pg_class c WHERE c.oid = 'public.webhook_deliveries'::regclass
