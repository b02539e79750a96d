/**
 * ModelRiver's documented times (modelriver.com/docs/webhooks), in milliseconds: the wait before each attempt, counted from the end of the
 * one before. The webhook whose last attempt fails goes to the dead letters.
 */
export const WAITS_MS: readonly number[] = [0, 5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000];

/** A callback counts within this time of the webhook. */
export const CALLBACK_WITHIN_MS = 300_000;

/** An attempt is a success when its whole answer, a 2xx, is there within this time. */
export const ANSWER_WITHIN_MS = 30_000;
