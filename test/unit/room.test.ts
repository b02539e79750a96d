import { expect, it } from 'vitest';
import { Room } from '../../src/deliver/room.js';
import { delivery } from './claimed-deliveries.js';

it('tells each lease once, when the last delivery held under it is freed', () => {
  const room = new Room();
  const [first, second, other] = [delivery('one'), delivery('one'), delivery('other')];
  const pair = [first, { ...second, leaseId: first.leaseId }] as const;
  room.take([...pair, other]);
  room.free(pair[0]);
  room.free(pair[0]);
  expect(room.takeEnded()).toEqual([]);
  room.free(other);
  room.free(pair[1]);
  expect(room.takeEnded()).toEqual([other.leaseId, first.leaseId]);
  room.free(pair[1]);
  expect(room.takeEnded()).toEqual([]);
});
