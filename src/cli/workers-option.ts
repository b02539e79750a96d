/** What `--workers` says of itself. */
export const WORKERS =
  'deliver in so many processes of their own, to use more cores (needs PostgreSQL); SIGHUP exchanges them one by one';

export interface WorkersOption {
  readonly workers?: number;
}
