import { handleWebhook } from '@hookline/receiver';
import { after } from 'next/server';

/** The AI gateway calls this: verified, stored once, answered; the callback follows after the answer. */
export function POST(request: Request): Promise<Response> {
  return handleWebhook(request, { waitUntil: (work) => after(work) });
}
