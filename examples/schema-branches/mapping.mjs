// Fills the two columns of ai-content-v2.sql from what the model made. The same function is the receiver's `mapRecord` and the replay's `--handler`.

const LONGEST_ID = 100;

/** @type {import('@hookline/receiver').MapRecord} */
export function mapRecord(record, event) {
  const { embedding_id: embeddingId, quality_score: quality } = event.ai_response?.data ?? {};
  return {
    ...record,
    columns: {
      // Whatever a model writes there must not keep the row from being stored.
      embedding_id: typeof embeddingId === 'string' && embeddingId.length <= LONGEST_ID ? embeddingId : null,
      quality_score: typeof quality === 'number' ? quality : null,
    },
  };
}
