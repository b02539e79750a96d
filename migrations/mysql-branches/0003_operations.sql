-- phase: deploy or revert. table_before, table_after: SHOW CREATE TABLE on either side of the statement, NULL where there is no table. losses: JSON.
CREATE TABLE IF NOT EXISTS operations (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  request BIGINT UNSIGNED NOT NULL,
  phase VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  position INT UNSIGNED NOT NULL,
  table_name VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
  operation VARCHAR(10) CHARACTER SET ascii NOT NULL,
  statement LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  can_drop_data TINYINT NOT NULL,
  losses LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  algorithm VARCHAR(20) CHARACTER SET ascii NULL,
  state VARCHAR(20) CHARACTER SET ascii NOT NULL,
  error TEXT CHARACTER SET utf8mb4 NULL,
  table_before LONGTEXT CHARACTER SET utf8mb4 NULL,
  table_after LONGTEXT CHARACTER SET utf8mb4 NULL,
  UNIQUE INDEX operations_position (request, phase, position)
) ENGINE=InnoDB;
