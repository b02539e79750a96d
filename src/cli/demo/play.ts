import { randomUUID } from 'node:crypto';
import type { Attempt } from '../../dev/gateway-sim/attempt.js';
import { recordIdOf } from '../../dev/gateway-sim/callback-body.js';
import { aiWebhook } from './ai-webhook.js';
import { createDemoUser, type Delivery, type DemoUser } from './demo-user.js';
import { sendForgedCall, sendUnsignedWebhook } from './forged-call.js';
import type { Stage } from './stage.js';
import type { Subscriber } from './subscriber.js';
import type { Timeline } from './timeline.js';

interface Story extends Stage {
  readonly timeline: Timeline;
  readonly user: DemoUser;
  /** Ids of the webhooks of subscriber A and subscriber B. */
  readonly steadyId: string;
  readonly flakyId: string;
  /** The AI webhook of this run. */
  readonly channelId: string;
  readonly body: string;
}

/** Plays the whole path once, and checks each step where it shows: at the stand-ins and in the database. Throws `StepNotSeen`. */
export async function play(stage: Stage, timeline: Timeline): Promise<DemoUser> {
  const story = await begin(stage, timeline);
  await comesIn(story);
  await goesOut(story);
  await comesAgain(story);
  await forgeriesAreRefused(story);
  await isCounted(story);
  return story.user;
}

async function begin(stage: Stage, timeline: Timeline): Promise<Story> {
  const user = await createDemoUser(stage.hookline.db);
  stage.visitor.become(stage.hookline.db, user.id);
  timeline.tell('demo user', `signs up: ${user.id}`);
  const register = async (name: string, subscriber: Subscriber, algorithm: string): Promise<string> => {
    const { id, secret } = await user.createWebhook(name, subscriber.url, algorithm);
    subscriber.trust(secret, algorithm);
    timeline.tell('demo user', `registers ${name} with create_webhook (${algorithm}): ${subscriber.url.slice(0, 32)}…`);
    return id;
  };
  const steadyId = await register('subscriber A', stage.steady, 'sha256');
  const flakyId = await register('subscriber B', stage.flaky, 'sha512');
  const channelId = randomUUID();
  const body = aiWebhook({ channelId, callbackUrl: stage.gateway.callbackUrl(channelId), userId: user.id });
  return { ...stage, timeline, user, steadyId, flakyId, channelId, body };
}

async function comesIn(story: Story): Promise<void> {
  const { timeline, gateway, user, channelId } = story;
  timeline.tell('AI gateway', '▶ POST /webhooks/modelriver: video.generated for the demo user, signed');
  await timeline.see('Hookline verified the webhook and answered 200', async () => {
    const answer = await sendToHookline(story);
    return answer?.status === 200 && answer.body === '{"received":true}' ? answer : undefined;
  });
  const row = await timeline.see('it is a row of ai_content, which its user may read', async () => {
    const [found, ...more] = await user.storedContent(channelId);
    return more.length === 0 && found?.event === 'video.generated' ? found : undefined;
  });
  timeline.tell('Hookline', `row ${row.id}: “${row.title}”`);
  await timeline.see("the gateway got its callback, with the record's id", async () =>
    gateway.callbacks.find(
      ({ channelId: id, verdict, body }) =>
        id === channelId && verdict === 'accepted' && body !== null && recordIdOf(body) === row.id,
    ),
  );
}

async function goesOut(story: Story): Promise<void> {
  const { timeline, steady, flaky, steadyId, flakyId } = story;
  await timeline.see('the event was triggered for this user: one delivery for each webhook', async () => {
    const deliveries = await deliveriesOf(story);
    const reached = deliveries.map((delivery) => delivery.webhook_id).sort();
    return reached.join() === [steadyId, flakyId].sort().join() ? deliveries : undefined;
  });
  await timeline.see('subscriber A: delivered at the first attempt', () => delivered(story, steadyId, steady, [200]));
  await timeline.see('subscriber B: 500, 500, then 200, one delivery all along', () =>
    delivered(story, flakyId, flaky, [500, 500, 200]),
  );
}

/** The delivery of a webhook, when both sides tell the same: the subscriber's answers, and the row. */
async function delivered(
  story: Story,
  webhookId: string,
  subscriber: Subscriber,
  answers: readonly number[],
): Promise<Delivery | undefined> {
  const delivery = (await deliveriesOf(story)).find((one) => one.webhook_id === webhookId);
  if (delivery?.status !== 'success' || delivery.attempts !== answers.length || delivery.answered !== 200)
    return undefined;
  const calls = subscriber.calls.filter((call) => call.genuine && call.deliveryId === delivery.id);
  const attempts = calls.map((call) => `${call.attempt}:${call.answered}`).join();
  return attempts === answers.map((answer, index) => `${index + 1}:${answer}`).join() ? delivery : undefined;
}

async function comesAgain(story: Story): Promise<void> {
  const { timeline, user, channelId } = story;
  timeline.tell('AI gateway', '▶ the same webhook again, as gateways do');
  const answer = await sendToHookline(story);
  await timeline.see('answered 200; still one row and one event', async () => {
    const rows = await user.storedContent(channelId);
    const deliveries = await deliveriesOf(story);
    return answer?.status === 200 && rows.length === 1 && deliveries.length === 2 ? rows : undefined;
  });
}

async function forgeriesAreRefused(story: Story): Promise<void> {
  const { timeline, user, steady, gateway } = story;
  timeline.tell('a stranger', '▶ calls subscriber A with a guessed secret');
  const forged = await sendForgedCall(steady.url, 'sha256');
  await timeline.see('subscriber A refused it with 401', async () => (forged === 401 ? forged : undefined));

  timeline.tell('a stranger', '▶ POST /webhooks/modelriver without a signature');
  const channelId = randomUUID();
  const body = aiWebhook({ channelId, callbackUrl: gateway.callbackUrl(channelId), userId: user.id });
  const refused = await sendUnsignedWebhook(receiverUrl(story), body);
  await timeline.see('Hookline refused it with 401 and stored nothing', async () =>
    refused === 401 && (await user.storedContent(channelId)).length === 0 ? refused : undefined,
  );
}

async function isCounted(story: Story): Promise<void> {
  const { timeline, user } = story;
  const webhooks = [
    ['subscriber A', story.steadyId],
    ['subscriber B', story.flakyId],
  ] as const;
  for (const [name, id] of webhooks) {
    const counted = await timeline.see(`get_webhook_statistics counts the delivery to ${name}`, async () => {
      const statistics = await user.statistics(id);
      return statistics.total === 1 && statistics.successful === 1 ? statistics : undefined;
    });
    timeline.tell('statistics', counted.statistics);
  }
}

/** The story's webhook, sent as the gateway does; gives the first answer. */
function sendToHookline(story: Story): Promise<Attempt | undefined> {
  return story.gateway.send(story.body, { to: receiverUrl(story) }).firstAttempt();
}

function receiverUrl({ hookline }: Stage): string {
  return `${hookline.url}/webhooks/modelriver`;
}

function deliveriesOf({ user, steadyId, flakyId }: Story): Promise<Delivery[]> {
  return user.deliveries([steadyId, flakyId]);
}
