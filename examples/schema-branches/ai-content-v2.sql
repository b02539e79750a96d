-- The second version of ai_content: where the content's embedding is, and how good it was found.
-- Both may be NULL: rows that are there have none, and a handler that does not know them yet goes on storing.
ALTER TABLE ai_content
  ADD COLUMN embedding_id VARCHAR(100),
  ADD COLUMN quality_score FLOAT;
