import { Logger, makeWorkerUtils, type Runner, run, type WorkerUtils } from 'graphile-worker';
import { serve } from '../stand/serve.js';
import { IN_FLIGHT } from './contender.js';
import { type PeerSettings, usualDelivery } from './usual-delivery.js';

const NAME = 'deliver';
const logger = new Logger(() => () => undefined);
let runner: Runner | undefined;
let peer: { utils: WorkerUtils; url: string; deliver: (id: string) => Promise<void> } | undefined;

/** graphile-worker with its own defaults. */
serve({
  async open(settings: PeerSettings) {
    const utils = await makeWorkerUtils({ connectionString: settings.url, logger });
    await utils.migrate();
    peer = { utils, url: settings.url, deliver: usualDelivery(settings) };
  },
  async add(ids: readonly string[]) {
    await peer?.utils.withPgClient((client) =>
      client.query("SELECT graphile_worker.add_job($1, json_build_object('id', id)) FROM unnest($2::text[]) id", [
        NAME,
        ids,
      ]),
    );
  },
  async run(deliveries: number) {
    if (peer === undefined) throw new Error('open first');
    const { url, deliver } = peer;
    const started = await run({
      connectionString: url,
      concurrency: IN_FLIGHT,
      noHandleSignals: true,
      logger,
      taskList: { [NAME]: (payload) => deliver((payload as { id: string }).id) },
    });
    runner = started;
    await new Promise<void>((resolve, reject) => {
      let done = 0;
      started.events.on('job:complete', ({ error }) => {
        done += 1;
        if (error) reject(error instanceof Error ? error : new Error(String(error)));
        else if (done === deliveries) resolve();
      });
    });
  },
  rest: () => runner?.stop(),
});
