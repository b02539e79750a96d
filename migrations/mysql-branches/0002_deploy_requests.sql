-- open_branch: the branch while the request is open, so that a branch has one open request at most.
-- before_schema, after_schema: production before and after the deployment. runner: who runs a deployment of it now, by its own word; the lock tells the truth.
CREATE TABLE IF NOT EXISTS deploy_requests (
  number BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  branch VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  into_branch VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  open_branch VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  deployment_state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  notes MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL,
  auto_delete_branch TINYINT NOT NULL,
  deployable TINYINT NOT NULL,
  instant_eligible TINYINT NOT NULL,
  problems LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  branch_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  branch_schema LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  base_schema LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  before_schema LONGTEXT CHARACTER SET utf8mb4 NULL,
  after_schema LONGTEXT CHARACTER SET utf8mb4 NULL,
  instant TINYINT NOT NULL DEFAULT 0,
  runner VARCHAR(300) CHARACTER SET utf8mb4 NULL,
  runner_since CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  revert_until CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  deployed_at CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  closed_at CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  UNIQUE INDEX deploy_requests_open_branch (open_branch)
) ENGINE=InnoDB;
