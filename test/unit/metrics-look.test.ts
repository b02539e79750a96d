import { describe, expect, it, vi } from 'vitest';
import { Look, LookTimeout } from '../../src/observe/metrics/look.js';

describe('what scrapes share', () => {
  it('is looked for once, however many ask, and again when it is old', async () => {
    let looks = 0;
    const look = new Look(async () => ++looks, { freshMs: 60_000 });
    expect(await Promise.all([look.value(), look.value(), look.value()])).toEqual([1, 1, 1]);
    expect(await look.value()).toBe(1);
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 60_001);
    expect(await look.value()).toBe(2);
    clock.mockRestore();
  });

  it('is not kept when looking failed', async () => {
    let looks = 0;
    const look = new Look(async () => {
      looks += 1;
      if (looks === 1) throw new Error('away');
      return looks;
    });
    await expect(look.value()).rejects.toThrow('away');
    expect(await look.value()).toBe(2);
  });

  it('is given up in time, also by those who come while it hangs, who wait no longer for it, and begin no other', async () => {
    let looks = 0;
    let answer = (_value: string): void => undefined;
    const hanging = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const look = new Look(
      () => {
        looks += 1;
        return hanging;
      },
      { withinMs: 20 },
    );
    await expect(look.value()).rejects.toThrow(LookTimeout);
    await expect(look.value()).rejects.toThrow(LookTimeout);
    expect(looks).toBe(1);
    answer('late');
    await hanging;
    expect(await look.value()).toBe('late');
  });
});
