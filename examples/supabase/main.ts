import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { createClients, setting } from './clients.js';

const WAIT_FOR_DELIVERY_MS = 30_000;

const { user, service } = createClients(process.env);
const userId = decodeJwt(setting(process.env, 'USER_TOKEN')).sub;
// Without p_user_id the event would go to every subscriber.
if (userId === undefined) throw new Error('USER_TOKEN has no sub, so it names no user.');

const { data: webhook } = await user
  .rpc('create_webhook', {
    p_name: 'Production Video Webhook',
    p_url: setting(process.env, 'WEBHOOK_URL'),
    p_event_types: ['video.generated', 'video.failed'],
    p_max_retries: 5,
  })
  .single<{ webhook_id: string; webhook_secret: string; subscribed_events: string[] }>()
  .throwOnError();
console.log(`created: webhook ${webhook.webhook_id}, subscribed to ${webhook.subscribed_events.join(' and ')}`);

const event = {
  p_event_type: 'video.generated',
  p_payload: { video_id: 'v1', status: 'completed' },
  p_user_id: userId,
};
const { error } = await user.rpc('trigger_webhook_event', event);
console.log(`refused to the user: ${error?.code} ${error?.message}`);

const { data: deliveries } = await service.rpc('trigger_webhook_event', event).throwOnError();
console.log(`triggered by the service: ${deliveries.length} delivery`);

const endsAt = Date.now() + WAIT_FOR_DELIVERY_MS;
for (;;) {
  const { data: statistics } = await user
    .rpc('get_webhook_statistics', { p_webhook_id: webhook.webhook_id, p_days: 7 }, { get: true })
    .single<{ total_deliveries: number; success_rate: number; deliveries_by_event_type: Record<string, number> }>()
    .throwOnError();
  if (statistics.total_deliveries > 0) {
    console.log(`delivered: ${JSON.stringify(statistics)}`);
    break;
  }
  if (Date.now() > endsAt) throw new Error('Nothing was delivered. Does a worker run, and does WEBHOOK_URL answer?');
  await sleep(250);
}
