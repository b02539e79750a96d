/** What is needed of the application's `pg`: its `Pool`, a `Client`, or a client of the pool. */
export interface PostgresClient {
  query(text: string, values: (string | null)[][]): Promise<{ readonly rows: unknown[] }>;
}
