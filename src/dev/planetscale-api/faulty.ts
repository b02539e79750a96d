import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../../api/request-log.js';
import { proxyPage } from '../proxy-page.js';
import type { Fault } from './faults.js';

const BAD_GATEWAY = 502;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Lets requests go wrong for which `takeFor` has a fault; those of `/faults` itself never do. */
export function letRequestsFail(app: FastifyInstance, takeFor: (request: string) => Fault | undefined): void {
  const faultOf = new WeakMap<FastifyRequest, Fault>();

  app.addHook('preHandler', async (request, reply) => {
    const path = pathOf(request);
    const fault = path === '/faults' ? undefined : takeFor(`${request.method} ${path}`);
    if (fault === undefined) return;
    request.log.info({ fault: fault.kind, when: fault.when }, 'planetscale_api.fault');
    if (fault.when === 'after') faultOf.set(request, fault);
    else await goWrong(fault, reply);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const fault = faultOf.get(request);
    if (fault === undefined) return payload;
    if (fault.kind === 'slow') {
      await sleep(fault.ms);
      return payload;
    }
    if (fault.kind === 'drop' || fault.kind === 'hang') {
      if (fault.kind === 'drop') reply.raw.destroy();
      // The connection ends with its client, or with the stand-in.
      return new Promise<never>(() => undefined);
    }
    const { status, type, headers = {}, body } = answerOf(fault);
    reply.code(status).headers(headers).type(type).removeHeader('content-length');
    return body;
  });
}

async function goWrong(fault: Fault, reply: FastifyReply): Promise<void> {
  switch (fault.kind) {
    case 'slow':
      return sleep(fault.ms);
    case 'drop':
      reply.hijack();
      reply.raw.destroy();
      return;
    case 'hang':
      reply.hijack();
      return;
    default: {
      const { status, type, headers = {}, body } = answerOf(fault);
      await reply.code(status).headers(headers).type(type).send(body);
    }
  }
}

function answerOf(fault: Extract<Fault, { kind: 'html' | 'rate_limited' | 'error' }>): Answer {
  switch (fault.kind) {
    case 'html': {
      const status = fault.status ?? BAD_GATEWAY;
      return { status, type: 'text/html; charset=utf-8', body: proxyPage(status) };
    }
    case 'rate_limited': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return { headers, ...inTheApisForm(429, 'rate_limited', 'Too many requests') };
    }
    case 'error': {
      const { status = 500, code = 'internal_server_error', message = 'Internal Server Error' } = fault;
      return inTheApisForm(status, code, message);
    }
  }
}

function inTheApisForm(status: number, code: string, message: string): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify({ code, message }) };
}
