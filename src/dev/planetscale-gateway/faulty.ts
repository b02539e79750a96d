import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { proxyPage } from '../proxy-page.js';
import { TabletError, toRpcError } from './errors.js';
import type { ExecuteResponse } from './execute.js';
import { type Fault, USUAL_DESCRIPTIONS } from './faults.js';

const BAD_GATEWAY = 502;

export interface FaultContext {
  readonly reply: FastifyReply;
  readonly keyspace: string;
  readonly caller: string;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Runs the statement. */
  readonly execute: () => Promise<ExecuteResponse>;
}

/** Answers a statement that a fault is for, or does not. */
export async function answerWithFault(fault: Fault, context: FaultContext): Promise<FastifyReply> {
  const { reply, signal, execute } = context;
  if (fault.kind === 'slow') {
    if (fault.when === 'before') await pause(fault.ms, signal);
    const answer = await execute();
    if (fault.when === 'after') await pause(fault.ms, signal);
    return reply.send(answer);
  }
  const answer = fault.when === 'after' ? await execute() : undefined;
  switch (fault.kind) {
    case 'drop':
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case 'hang':
      // The connection ends with its client, or with the gateway.
      return reply.hijack();
    case 'empty':
      return reply.send({});
    case 'html': {
      const status = fault.status ?? BAD_GATEWAY;
      return reply.code(status).type('text/html; charset=utf-8').send(proxyPage(status));
    }
    case 'error': {
      const { code, description = USUAL_DESCRIPTIONS[fault.code] } = fault;
      const error = toRpcError(new TabletError(code, description), { ...context, statement: () => '' });
      return reply.send({ ...(answer?.session && { session: answer.session }), error });
    }
  }
}

/** Ends early when nobody waits any more. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
