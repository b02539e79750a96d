-- Says of every delivery, new ones too, that it is before a bound two days ahead or more, without reading the table. What is made after it is refused: so the bound
-- has to be gone, or the table partitioned, by then, and hookline.make_partition takes a bound away that is nearer than a day.
ALTER TABLE public.webhook_deliveries DROP CONSTRAINT IF EXISTS before_partitions;
DO $$
BEGIN
  EXECUTE format('ALTER TABLE public.webhook_deliveries ADD CONSTRAINT before_partitions CHECK (created_at < %L) NOT VALID',
    hookline.partition_bound_after(now() + interval '2 days'));
END $$;
