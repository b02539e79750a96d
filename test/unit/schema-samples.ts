/** As MySQL 8 prints it; fewer columns than it has. */
export const AI_CONTENT = `CREATE TABLE \`ai_content\` (
  \`id\` bigint NOT NULL AUTO_INCREMENT,
  \`title\` varchar(500) NOT NULL,
  \`body\` text,
  \`category\` varchar(100) DEFAULT 'general',
  \`metadata\` json DEFAULT NULL,
  \`channel_id\` varchar(36) DEFAULT NULL,
  \`created_at\` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  \`idempotency_key\` char(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  \`callback_state\` varchar(10) CHARACTER SET ascii DEFAULT NULL,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`ai_content_idempotency_key\` (\`idempotency_key\`),
  KEY \`idx_channel\` (\`channel_id\`)
) ENGINE=InnoDB AUTO_INCREMENT=42 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci`;

/** What MySQL 8 prints in executed comments, and names and texts that hold commas, parentheses and quotes. */
export const ODD = `CREATE TABLE \`odd\`\`,(\` (
  \`a\`\`)\` enum('x,y','it''s)','\`') COLLATE utf8mb4_bin NOT NULL DEFAULT 'it''s)' COMMENT 'NULL, (\`',
  \`b\` varchar(20) COLLATE utf8mb4_bin DEFAULT (concat(_utf8mb4'a,)',_utf8mb4'NOT NULL')),
  \`g\` int unsigned GENERATED ALWAYS AS ((length(\`b\`) + 1)) STORED NOT NULL /*!80023 INVISIBLE */,
  \`p\` geometry NOT NULL /*!80003 SRID 0 */,
  KEY \`k\` (\`b\`(10),(lower(\`b\`))) /*!80000 INVISIBLE */,
  FULLTEXT KEY \`f,\` (\`b\`) /*!50100 WITH PARSER \`ngram\` */ ,
  CONSTRAINT \`fk\` FOREIGN KEY (\`g\`) REFERENCES \`par\`\`ent\` (\`id\`) ON DELETE CASCADE,
  CONSTRAINT \`chk\` CHECK ((\`b\` <> _utf8mb4'),')) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB AUTO_INCREMENT=9 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin STATS_PERSISTENT=1 /*!80016 ENCRYPTION='Y' */ COMMENT='ENGINE=x, AUTO_INCREMENT=5'
/*!50100 PARTITION BY RANGE (\`g\`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */`;
