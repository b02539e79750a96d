import { describe, expect, it } from 'vitest';
import { EventError, isWork, parseEvent } from '../src/event.js';

const parse = (text: string) => parseEvent(new TextEncoder().encode(text));
const codeOf = (text: string): string => {
  try {
    parse(text);
    return 'accepted';
  } catch (error) {
    return error instanceof EventError ? error.code : String(error);
  }
};

describe('parseEvent', () => {
  it.each(['', 'not json', '{', '{"a":1}}', "{'a':1}", '{"a":"\u0000"}', 'undefined'])(
    'refuses %j as invalid_json',
    (text) => {
      expect(codeOf(text)).toBe('invalid_json');
    },
  );

  it.each(['null', '[]', '[{"type":"task.ai_generated"}]', '"text"', '12', 'true'])(
    'refuses %s as not_an_object',
    (text) => {
      expect(codeOf(text)).toBe('not_an_object');
    },
  );

  it('refuses a field of the envelope with a wrong type, and takes null and absent', () => {
    const strings = ['type', 'event', 'callback_url', 'channel_id'];
    const objects = ['ai_response', 'customer_data', 'meta'];
    for (const field of [...strings, ...objects]) {
      const wrong = strings.includes(field) ? [1, true, {}, []] : [1, true, 'text', []];
      for (const value of wrong)
        expect(codeOf(JSON.stringify({ [field]: value })), `${field} ${value}`).toBe('invalid_field');
      expect(codeOf(JSON.stringify({ [field]: null }))).toBe('accepted');
    }
    expect(codeOf('{}')).toBe('accepted');
  });

  it('takes any shape inside ai_response, and further fields', () => {
    for (const data of ['"text"', '[1]', 'null', '{"title":{}}', '7']) {
      expect(codeOf(`{"ai_response":{"data":${data},"x":[]},"timestamp":1,"callback_required":true}`)).toBe('accepted');
    }
  });

  it('mends what UTF-8 and JSON escapes can break, keys too', () => {
    const event = parse('{"event":"a\\ud800b","customer_data":{"\\udfff":1}}');
    expect(event.event).toBe('a\ufffdb');
    expect([...event.customerData.keys()]).toEqual(['\ufffd']);
    expect(
      parseEvent(new Uint8Array([...new TextEncoder().encode('{"event":"'), 0xed, 0xa0, 0x80, 0x22, 0x7d])).event,
    ).toMatch(/^\ufffd+$/);
  });

  it('reads a body with a byte order mark', () => {
    expect(parse('\ufeff{"event":"a"}').event).toBe('a');
  });
});

describe('isWork', () => {
  it.each([
    ['{"type":"task.ai_generated","callback_url":"https://a.example/"}', true],
    ['{"type":"task.ai_generated","callback_url":""}', false],
    ['{"type":"task.ai_generated","callback_url":null}', false],
    ['{"type":"task.ai_generated"}', false],
    ['{"type":"task.completed","callback_url":"https://a.example/"}', false],
    ['{"callback_url":"https://a.example/"}', false],
  ])('%s → %s', (text, expected) => {
    expect(isWork(parse(text))).toBe(expected);
  });
});
