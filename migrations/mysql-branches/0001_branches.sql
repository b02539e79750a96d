-- In the database `<database>__hookline`: what a plain MySQL does not know of branches and deploy requests. Times are ISO 8601 in UTC. Schemas are JSON: the SHOW CREATE
-- TABLE of each table. One statement a file, one clause a line, as in migrations/mysql.
-- state: creating (its database is not known to be ours yet), filling (its tables are being made), ready, deleting.
-- base_schema: what the branch and production last had in common. before_apply: the branch's tables before the file that is being applied, NULL while none is.
CREATE TABLE IF NOT EXISTS branches (
  name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  parent VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(10) CHARACTER SET ascii NOT NULL,
  base_schema LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  before_apply LONGTEXT CHARACTER SET utf8mb4 NULL,
  created_at CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE=InnoDB;
