-- In the sharded keyspace, before `hookline migrate --target mysql`, which adds the rest: the specified table, but numbered by the sequence, and with
-- the key that finds a row's shard, which no row may lack.
CREATE TABLE IF NOT EXISTS ai_content (
  id BIGINT PRIMARY KEY,
  title VARCHAR(500) NOT NULL,
  body TEXT,
  category VARCHAR(100) DEFAULT 'general',
  metadata JSON,
  channel_id VARCHAR(36),
  event_name VARCHAR(100),
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  idempotency_key CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  INDEX idx_channel (channel_id),
  INDEX idx_event (event_name),
  UNIQUE INDEX ai_content_idempotency_key (idempotency_key)
) DEFAULT CHARACTER SET utf8mb4;
