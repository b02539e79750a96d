/**
 * What `work` gives; `cleanUp` runs after it in any case. What `work` throws counts for more than what `cleanUp` throws.
 */
export async function withCleanup<T>(work: () => Promise<T>, cleanUp: () => Promise<void>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
  await cleanUp();
  return result;
}
