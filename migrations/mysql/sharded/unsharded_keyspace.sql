-- In the unsharded keyspace: what numbers the rows of all shards, since AUTO_INCREMENT would count in each shard by itself.
-- Over a table with rows: next_id above their highest id.
CREATE TABLE IF NOT EXISTS ai_content_seq (
  id INT NOT NULL DEFAULT 0,
  next_id BIGINT,
  cache BIGINT,
  PRIMARY KEY (id)
) COMMENT 'vitess_sequence';

INSERT IGNORE INTO ai_content_seq (id, next_id, cache) VALUES (0, 1, 1000);
