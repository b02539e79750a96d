-- Partitions by time, first part: what needs no more than a moment's lock (docs/partitioning.md). 0049 checks the attempts that are there, beside whoever writes;
-- 0050 makes them the first partition of a table that is partitioned by the time at which the delivery was made.

-- How many days a partition holds.
ALTER TABLE hookline.settings
  ADD COLUMN IF NOT EXISTS partition_days integer NOT NULL DEFAULT 7 CONSTRAINT valid_partition_days CHECK (partition_days BETWEEN 1 AND 31);

-- With it a delivery is found in its one partition. NULL for what was queued before: that is looked for in all of them.
ALTER TABLE hookline.queue ADD COLUMN IF NOT EXISTS delivery_created_at timestamptz;

-- -infinity is told of no delivery, so the attempts of before have a range of their own without being written anew: a constant default is not written into rows.
DO $$
BEGIN
  IF (SELECT c.relkind FROM pg_class c WHERE c.oid = 'hookline.webhook_delivery_attempts'::regclass) = 'r' THEN
    ALTER TABLE hookline.webhook_delivery_attempts ADD COLUMN IF NOT EXISTS delivery_created_at timestamptz NOT NULL DEFAULT '-infinity';
    ALTER TABLE hookline.webhook_delivery_attempts DROP CONSTRAINT IF EXISTS before_partitions;
    ALTER TABLE hookline.webhook_delivery_attempts ADD CONSTRAINT before_partitions CHECK (delivery_created_at < '1970-01-01 00:00:00+00') NOT VALID;
  END IF;
END $$;
