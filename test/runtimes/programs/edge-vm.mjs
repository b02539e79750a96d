import { respond } from './respond.mjs';

addEventListener('fetch', (event) => {
  event.respondWith(respond(event.request, { waitUntil: (work) => event.waitUntil(work) }));
});
