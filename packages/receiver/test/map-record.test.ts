import { describe, expect, it } from 'vitest';
import type { ModelRiverEvent } from '../src/event.js';
import { type MappedRecord, type MapRecord, mapped } from '../src/map-record.js';
import type { ContentRecord } from '../src/record.js';
import { MappingError } from '../src/row.js';
import { UnstorableError } from '../src/unstorable.js';

const RECORD: ContentRecord = {
  title: 'Title',
  body: 'Body',
  category: 'general',
  metadata: '{"order":12345678901234567890}',
  channelId: 'c1',
  eventName: null,
};
const EVENT: ModelRiverEvent = { type: 'task.ai_generated', ai_response: { data: { embedding: [1, 2] } } };
const map = (mapRecord: MapRecord) => mapped(mapRecord, RECORD, EVENT);
const changed = (changes: Partial<MappedRecord>) => map((record) => ({ ...record, ...changes }));

describe('mapRecord', () => {
  it('gets the record and the event, and may give them back as they are', async () => {
    expect(await map((record) => record)).toEqual({ record: RECORD, columns: {} });
    const seen: unknown[] = [];
    await map(async (record, event) => {
      seen.push(record, event);
      return record;
    });
    expect(seen).toEqual([RECORD, EVENT]);
  });

  it('changes what it likes; metadata may be an object', async () => {
    const { record } = await changed({ title: 'New', channelId: null, metadata: { a: ['\ud800', 1] } });
    expect(record).toEqual({ ...RECORD, title: 'New', channelId: null, metadata: '{"a":["\\ufffd",1]}' });
  });

  it('adds columns of every kind', async () => {
    const at = new Date();
    const { columns } = await changed({
      columns: {
        embedding_id: 'e1',
        quality_score: 0.5,
        big: 2n ** 63n,
        flag: true,
        none: null,
        at,
        list: [1, { a: 2 }],
      },
    });
    expect(columns).toEqual({
      embedding_id: 'e1',
      quality_score: 0.5,
      big: '9223372036854775808',
      flag: true,
      none: null,
      at,
      list: { json: '[1,{"a":2}]' },
    });
  });

  it('mends lone surrogates and refuses a NUL for good', async () => {
    expect((await changed({ title: 'a\udfffb' })).record.title).toBe('a\ufffdb');
    for (const changes of [
      { body: 'a\0' },
      { metadata: { a: '\0' } },
      { metadata: '{"a":"\\u0000"}' },
      { columns: { embedding_id: '\0' } },
      { columns: { list: ['\0'] } },
    ]) {
      await expect(changed(changes), JSON.stringify(changes)).rejects.toBeInstanceOf(UnstorableError);
    }
    expect((await changed({ metadata: '{"a":"\\\\u0000"}' })).record.metadata).toBe('{"a":"\\\\u0000"}');
  });

  it.each([
    { title: 1 },
    { body: null },
    { channelId: 7 },
    { metadata: '[1]' },
    { metadata: '{' },
    { metadata: 'text' },
    { metadata: [1] },
    { metadata: undefined },
    { columns: { 'a b': 1 } },
    { columns: { 'a`; DROP TABLE ai_content; --': 1 } },
    { columns: { 'a"': 1 } },
    { columns: { id: 1 } },
    { columns: { Callback_State: 'done' } },
    { columns: { event_id: 'x' } },
    { columns: { user_id: 'x' } },
    { columns: { quality_score: Number.NaN } },
    { columns: { at: new Date('never') } },
  ])('names what is wrong with %j', async (changes) => {
    await expect(changed(changes as Partial<MappedRecord>)).rejects.toBeInstanceOf(MappingError);
  });

  it('tells its own faults apart from content that no store can hold', async () => {
    await expect(map(() => Promise.reject(new RangeError('mine')))).rejects.toMatchObject({
      name: 'MappingError',
      cause: expect.any(RangeError),
    });
    await expect(map(() => Promise.reject(new UnstorableError('never')))).rejects.toThrow('never');
    await expect(map((() => null) as unknown as MapRecord)).rejects.toBeInstanceOf(MappingError);
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    await expect(changed({ metadata: circular })).rejects.toBeInstanceOf(MappingError);
  });
});
