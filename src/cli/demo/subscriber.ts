import express, { type Request } from 'express';
import { serveOnLoopback } from './loopback-server.js';
import { verifySignature } from './verify-signature.js';

/** One call that the subscriber got, and what it answered. */
export interface ReceivedCall {
  readonly deliveryId: string;
  readonly attempt: string;
  readonly event: string;
  readonly genuine: boolean;
  readonly answered: number;
}

export interface Subscriber {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  /** Gives the subscriber the secret that `create_webhook` showed; until then it refuses everything. */
  trust(secret: string, algorithm: string): void;
  close(): Promise<void>;
}

export interface SubscriberOptions {
  /** A path of its own for each run, so that retries left over from an earlier run find nothing. */
  readonly path: string;
  /** How often each delivery is answered 500 before it is answered 200. */
  readonly failures: number;
  readonly onCall: (call: ReceivedCall) => void;
}

/** A customer's endpoint: an Express app that checks the signature, answers 401 to a forgery, and may fail on purpose. */
export async function startSubscriber({ path, failures, onCall }: SubscriberOptions): Promise<Subscriber> {
  const calls: ReceivedCall[] = [];
  let trusted: { secret: string; algorithm: string } | undefined;

  const app = express();
  app.use(express.json({ limit: '512kb' }));
  app.post(path, (req, res) => {
    const genuine = trusted !== undefined && isGenuine(req, trusted);
    const deliveryId = req.get('X-Webhook-Delivery') ?? '';
    const earlier = calls.filter((call) => call.genuine && call.deliveryId === deliveryId).length;
    const answered = genuine ? (earlier < failures ? 500 : 200) : 401;
    const call = {
      deliveryId,
      attempt: req.get('X-Webhook-Attempt') ?? '',
      event: req.get('X-Webhook-Event') ?? '',
      genuine,
      answered,
    };
    calls.push(call);
    onCall(call);
    res.status(answered).json({ received: answered === 200 });
  });

  const server = await serveOnLoopback(app);
  return {
    url: server.origin + path,
    calls,
    trust(secret, algorithm) {
      trusted = { secret, algorithm };
    },
    close: server.close,
  };
}

function isGenuine(req: Request, { secret, algorithm }: { secret: string; algorithm: string }): boolean {
  try {
    return verifySignature(req.body, req.get('X-Webhook-Signature') ?? '', secret, algorithm);
  } catch {
    return false;
  }
}
