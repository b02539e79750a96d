/** Whose deliveries a stream is about, and with whose rights it reads. */
export type Whose =
  | { readonly as: 'user'; readonly userId: string }
  /** Of one user, or of everybody. */
  | { readonly as: 'service'; readonly userId: string | null };

/** `attempted`: an attempt failed, and the delivery is `retrying` as it was before. */
export type ChangeKind = 'created' | 'attempted' | 'succeeded' | 'failed' | 'retrying';

/** What became of a delivery. */
export interface Change {
  readonly position: number;
  readonly kind: ChangeKind;
  readonly webhookId: string;
  readonly eventType: string;
  readonly status: string;
  /** `{"kind", "changed_at", "delivery"}` as PostgreSQL wrote it. */
  readonly body: string;
}

/** Which changes a stream shows; what is absent is not asked about. */
export interface ChangeFilter {
  readonly webhookId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly status?: string | undefined;
}

/** What a stream yields. Whoever goes on after a `position` misses nothing and gets nothing twice. */
export type LiveItem =
  | { readonly what: 'open'; readonly position: number }
  | { readonly what: 'changes'; readonly position: number; readonly changes: readonly Change[] }
  /** Some changes cannot be told any more: whoever keeps a list reads it again. */
  | { readonly what: 'gap'; readonly position: number }
  /** Nothing happened for a while. */
  | { readonly what: 'idle'; readonly position: number };

/** Whether a filter lets a change pass. */
export function passes(change: Change, { webhookId, eventType, status }: ChangeFilter): boolean {
  return (
    (webhookId === undefined || change.webhookId === webhookId.toLowerCase()) &&
    (eventType === undefined || change.eventType === eventType) &&
    (status === undefined || change.status === status)
  );
}
