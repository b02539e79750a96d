/** The content can never be stored, by no retry: answered by a `processing_failed` callback and 200. The message goes to the gateway. */
export class UnstorableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UnstorableError';
  }
}
