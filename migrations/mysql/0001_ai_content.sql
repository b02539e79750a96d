-- The table as the specification of inbound webhooks prints it. One that is there already is kept, if it has these columns.
-- A migration for MySQL is one statement, one clause a line (see CONTRIBUTING.md): DDL commits by itself.
CREATE TABLE IF NOT EXISTS ai_content (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  title VARCHAR(500) NOT NULL,
  body TEXT,
  category VARCHAR(100) DEFAULT 'general',
  metadata JSON,
  channel_id VARCHAR(36),
  event_name VARCHAR(100),
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  INDEX idx_channel (channel_id),
  INDEX idx_event (event_name)
) DEFAULT CHARACTER SET utf8mb4;
