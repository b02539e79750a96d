import { drainWebhooks, handleWebhook } from '@hookline/receiver';

/** What every program here serves: the webhook, and at /drain what the platform's cron would start. */
export async function respond(request, context) {
  if (new URL(request.url).pathname !== '/drain') return handleWebhook(request, context);
  try {
    return Response.json(await drainWebhooks(context));
  } catch (error) {
    return Response.json({ error: String(error) }, { status: 500 });
  }
}
