-- Second part: reads the whole table, beside whoever reads and writes it (SHARE UPDATE EXCLUSIVE). Without it 0050 would read it under a lock that nobody passes.
DO $$
BEGIN
  IF (SELECT c.relkind FROM pg_class c WHERE c.oid = 'hookline.webhook_delivery_attempts'::regclass) = 'r' THEN
    ALTER TABLE hookline.webhook_delivery_attempts VALIDATE CONSTRAINT before_partitions;
  END IF;
END $$;
