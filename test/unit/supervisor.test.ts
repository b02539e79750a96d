import { expect, it } from 'vitest';
import { Supervisor } from '../../src/start/processes/supervisor.js';
import { forkWorker } from '../../src/start/processes/worker-process.js';
import { silent } from '../harness/delivering.js';

/** No process can be given such an argument: `fork` throws, as it does where there is no memory left. */
const fork = () => forkWorker(['\0'], {});

it('a worker that cannot be started is one that has ended', async () => {
  const worker = fork();
  await expect(worker.ready).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  expect(await worker.ended).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  await worker.stop(0);
  await expect(Supervisor.start({ count: 2, log: silent, fork })).rejects.toMatchObject({
    code: 'worker_not_started',
    cause: { code: 'ERR_INVALID_ARG_VALUE' },
  });
});
