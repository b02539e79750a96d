import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../harness/databases.js';
import { waitUntil } from '../harness/wait-until.js';
import { openScene, type Scene } from './cli-live-helpers.js';
import { type Run, runnerOf } from './cli-remote-helpers.js';

const SCHEMA = '{"type": "object", "required": ["amount"], "properties": {"amount": {"type": "number"}}}';

describe('hookline events, token and keys', { timeout: 60_000 }, () => {
  let scene: Scene;
  let owner: string;
  let own: Run;
  let service: Run;
  beforeAll(async () => {
    scene = await openScene();
    owner = await createUser(scene.db);
    own = await runnerOf(scene.url, owner);
    service = await runnerOf(scene.url);
  });
  afterAll(() => scene.close());

  it('makes, shows, changes, checks and deletes an event type', async () => {
    const args = ['--category', 'order', '--description', 'It was paid.', '--schema', SCHEMA];
    expect(await service(['events', 'create', 'order.paid', ...args])).toMatchObject({
      ...{ code: 0, out: 'Created: order.paid.\n', err: '' },
    });
    const again = await service(['events', 'create', 'order.paid', '--category', 'order']);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Code:  event_type_exists') });
    expect((await own(['events', 'list', '--category', 'order'])).out).toMatch(
      /^EVENT TYPE +CATEGORY +ENABLED +SCHEMA +DESCRIPTION\norder\.paid +order +yes +yes +It was paid\.\n$/,
    );
    expect((await own(['events', 'show', 'order.paid'])).out).toMatch(/^schema +{\n +"type": "object",$/m);
    expect((await own(['events', 'show', 'order.paid', '--json'])).json()).toMatchObject({
      payload_schema: JSON.parse(SCHEMA),
    });

    expect(await own(['events', 'check', 'order.paid', '--data', '{"amount": 3}'])).toMatchObject({
      ...{ code: 0, out: 'The payload fits order.paid.\n' },
    });
    const wrong = await own(['events', 'check', 'order.paid', '--data', '{"amount": "3"}']);
    expect(wrong).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^WHERE +WHAT\n\/payload\/amount +must be number$/m),
    });

    const dry = await service(['events', 'edit', 'order.paid', '--schema', '{"required": ["tax"]}', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, out: 'Nothing was changed.\n', err: expect.stringContaining('0 passed') });
    expect((await service(['events', 'edit', 'order.paid', '--schema', 'none', '--disable'])).code).toBe(0);
    expect((await own(['events', 'show', 'order.paid', '--json'])).json()).toMatchObject({
      ...{ payload_schema: null, is_enabled: false, description: 'It was paid.' },
    });
    expect((await service(['events', 'edit', 'order.paid'])).code).toBe(2);
    expect((await service(['events', 'edit', 'order.paid', '--disable', '--dry-run'])).code).toBe(2);
    expect((await service(['events', 'delete', 'order.paid'])).code).toBe(2);
    expect((await service(['events', 'delete', 'order.paid', '--yes'])).out).toBe('Deleted: order.paid.\n');
    expect((await own(['events', 'show', 'order.paid'])).code).toBe(1);
  });

  it('is changed by the service alone', async () => {
    const refused = await own(['events', 'create', 'mine', '--category', 'mine']);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('set HOOKLINE_SERVICE_KEY') });
  });

  it.each([
    [['--schema', '{'], 'invalid_json'],
    [['--schema', '[]'], 'invalid_payload_schema'],
    [['--schema', '{"type": 3}'], 'invalid_payload_schema'],
    [['--schema', '@/nowhere/schema.json'], 'file_unreadable'],
    [['--schema', '@/'], 'file_unreadable'],
    [['--schema', '@/dev/zero'], 'file_unreadable'],
    [['--schema', '@bin/hookline.js'], 'invalid_json'],
  ])('refuses %j with %s', async (args, code) => {
    const { err, ...ran } = await service(['events', 'create', 'wrong', '--category', 'x', ...args]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(err).toMatch(new RegExp(`^Error: .*\\n([^]*\\n)?Hint: .*\\nCode: {2}${code}\\n`));
  });

  it('makes a portal token that is alone on standard output, and a link, and revokes them', async () => {
    const made = await service(['token', 'create', '--user', owner, '--expires', '2h', '--name', 'support']);
    expect(made.code, made.err).toBe(0);
    expect(made.out).toMatch(/^hkp_[\w-]{43}\n$/);
    expect(made.err).toMatch(
      new RegExp(`^Portal token \\S+ of user ${owner}: read, until .* UTC\\. It is not shown again\\.\\n$`),
    );
    expect(made.err).not.toContain('hkp_');
    const linked = await service(['token', 'create', '--user', owner, '--access', 'write', '--link']);
    expect(linked.out).toMatch(new RegExp(`^${scene.url}/#token=hkp_[\\w-]{43}\\n$`));
    const json = (await service(['token', 'create', '--user', owner, '--json'])).json();
    expect(json).toMatchObject({ token: expect.stringMatching(/^hkp_/), access: 'read', user_id: owner });

    const list = await service(['token', 'list', '--user', owner]);
    expect(list.out).toMatch(/^ID +NAME +STATE +ACCESS +BEGINS WITH +EXPIRES +LAST USED +USER\n/);
    expect(list.out).toMatch(/ support +valid +read /);
    const id = String(json['id']);
    expect((await service(['token', 'revoke', id])).code).toBe(2);
    expect((await service(['token', 'revoke', id, '--yes'])).code).toBe(0);
    expect((await service(['token', 'list', '--user', owner])).out).toMatch(new RegExp(`^${id} +- +revoked `, 'm'));
    expect((await service(['token', 'create'])).code).toBe(2);
    expect((await own(['token', 'list'])).err).toContain('Code:  forbidden');
  });

  it('makes a key that signs in, and revokes it; keys and tokens in wrong places are not repeated', async () => {
    const made = await own(['keys', 'create', '--name', 'ci', '--access', 'write', '--expires', '90d']);
    expect(made.out).toMatch(/^hk_[\w-]{43}\n$/);
    expect(made.err).not.toContain('hk_');
    const key = made.out.trim();
    const listed = await own(['keys', 'list', '--json', '--token', key]);
    const [{ id = '' } = {}] = listed.json<{ data: { id?: string }[] }>().data;
    expect(listed.out).not.toContain(key);

    const misplaced = [
      ['keys', 'revoke', key],
      ['webhooks', 'show', key],
      ['deliveries', 'list', key],
      ['keys', 'list', `--${key}`],
    ];
    for (const args of misplaced) {
      const { code, out, err } = await own(args);
      expect([code, out]).toEqual([2, '']);
      expect(err).not.toContain(key);
      expect(err).toMatch(/^error: /);
    }
    expect((await own(['keys', 'revoke', id, '--yes', '--json'])).json()).toEqual({ id, revoked: true });
    // Within two seconds.
    const revoked = await waitUntil(
      async () => {
        const ran = await own(['webhooks', 'list', '--token', key]);
        return ran.code === 1 ? ran : undefined;
      },
      { message: 'the key to be refused' },
    );
    expect(revoked.err).toMatch(/Hint: {2}HOOKLINE_TOKEN takes .*\nCode: {2}token_revoked/);
    expect(revoked.err).not.toContain(key);
  });
});
