import { createClient, type DeliveryStreamItem, ok } from '@hookline/client';
import { type Case, verdicts } from './runtimes-program.js';

/** What a page of an application does with the client; the test calls it one by one. */
export function page(url: string, token: string) {
  const client = createClient({ url, token, backoffMs: 50 });
  const told: DeliveryStreamItem[] = [];
  const interruptions: string[] = [];
  const stopping = new AbortController();
  return {
    async create(name: string, subscriber: string) {
      const { data, response } = await client.POST('/v1/webhooks', { body: { name, url: subscriber } });
      return { id: data?.id ?? '', secret: data?.secret, etag: response.headers.get('etag') };
    },
    list: async () => ok(await client.GET('/v1/webhooks')).data.map(({ name }) => name),
    async each() {
      const names: string[] = [];
      for await (const { name } of client.each('/v1/webhooks', { params: { query: { limit: 1 } } })) names.push(name);
      return names;
    },
    async rename(webhook_id: string, name: string, etag: string) {
      const init = { params: { path: { webhook_id } }, headers: { 'if-match': etag }, body: { name } };
      const { error, response } = await client.PATCH('/v1/webhooks/{webhook_id}', init);
      return [response.status, error?.code];
    },
    async test(webhook_id: string) {
      const params = { path: { webhook_id } };
      return ok(await client.POST('/v1/webhooks/{webhook_id}/test', { params, body: {} }));
    },
    async remove(webhook_id: string) {
      const params = { path: { webhook_id } };
      return (await client.DELETE('/v1/webhooks/{webhook_id}', { params })).response.status;
    },
    /** Resolves when the stream is open; what it tells then is to be asked with `told`. */
    follow: () =>
      new Promise<void>((resolve, reject) => {
        const onInterrupted = (error: unknown) => void interruptions.push(String(error));
        const reading = async () => {
          for await (const item of client.streamDeliveries({ signal: stopping.signal, onInterrupted })) {
            told.push(item);
            resolve();
          }
        };
        reading().catch(reject);
      }),
    told: async () => ({ kinds: told.map(({ kind }) => kind), interruptions: interruptions.length }),
    stop: async () => stopping.abort(),
    verify: (cases: readonly Case[]) => verdicts(cases),
  };
}

export type Page = ReturnType<typeof page>;
