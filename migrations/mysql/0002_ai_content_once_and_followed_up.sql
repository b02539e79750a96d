-- What the receiver needs beside the specified columns: the same webhook only once, and callback and event as state on the row.
-- Times are UTC. States: pending, done, failed, expired, refused, skipped; NULL where there is nothing to do.
-- The key is ascii_bin, since under a case-insensitive collation 'a' and 'A ' would be one key. It is NULL in rows that were there before,
-- and NULLs are distinct. `payload` is the webhook's JSON as text, since a JSON column would round its numbers.
ALTER TABLE ai_content
  ADD COLUMN idempotency_key CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN body_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN repeats INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN differing_repeats INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN payload LONGTEXT CHARACTER SET utf8mb4 NULL,
  ADD COLUMN callback_url TEXT CHARACTER SET utf8mb4 NULL,
  ADD COLUMN callback_state VARCHAR(10) CHARACTER SET ascii NULL,
  ADD COLUMN callback_attempts INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN callback_next_at DATETIME(3) NULL,
  ADD COLUMN callback_expires_at DATETIME(3) NULL,
  ADD COLUMN callback_lease CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN callback_lease_until DATETIME(3) NULL,
  ADD COLUMN callback_error VARCHAR(500) CHARACTER SET utf8mb4 NULL,
  ADD COLUMN event_state VARCHAR(10) CHARACTER SET ascii NULL,
  ADD COLUMN event_attempts INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN event_next_at DATETIME(3) NULL,
  ADD COLUMN event_expires_at DATETIME(3) NULL,
  ADD COLUMN event_lease CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN event_lease_until DATETIME(3) NULL,
  ADD COLUMN event_error VARCHAR(500) CHARACTER SET utf8mb4 NULL,
  ADD COLUMN event_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD UNIQUE INDEX ai_content_idempotency_key (idempotency_key),
  ADD INDEX ai_content_callbacks_due (callback_state, callback_next_at),
  ADD INDEX ai_content_events_due (event_state, event_next_at);
