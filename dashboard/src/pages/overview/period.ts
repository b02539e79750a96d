import { useSearchParams } from 'wouter';

/** Periods by their name in the address, with their hours. */
export const PERIODS = { '24h': 24, '7d': 168, '35d': 840 } as const;
export type Period = keyof typeof PERIODS;
const DEFAULT: Period = '24h';

/** The period that the address names; another one takes no place of its own in the history. */
export function usePeriod(): readonly [period: Period, choose: (period: Period) => void] {
  const [search, setSearch] = useSearchParams();
  const named = search.get('period') ?? DEFAULT;
  const choose = (period: Period): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (period === DEFAULT) next.delete('period');
        else next.set('period', period);
        return next;
      },
      { replace: true },
    );
  return [isPeriod(named) ? named : DEFAULT, choose];
}

function isPeriod(value: string): value is Period {
  return Object.hasOwn(PERIODS, value);
}
