import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { webhookRoute } from '../src/adapters/express.js';
import { describeAdapter, type Events, listen, secretOf } from './adapter-scenario.js';
import { SECRET } from './signing.js';

const emptyBody: RequestHandler = (request, _response, next) => {
  request.body = {};
  next();
};

/** Each way in which the body may come: unread, raw, as text, and parsed as the specification's subscriber has it, which rounds numbers. */
const READERS = [
  { how: 'which read nothing', readers: [] },
  { how: 'where Express 4 left an empty object for a body it did not read', readers: [emptyBody] },
  { how: 'with express.raw()', readers: [express.raw({ type: '*/*' })] },
  { how: 'with express.text()', readers: [express.text({ type: '*/*' })] },
  {
    how: 'with express.json() in front of everything',
    readers: [express.json()],
    body: '{"video_id":"v1","size":1.5}',
  },
];

for (const { how, readers, ...rest } of READERS) {
  describeAdapter({
    ...rest,
    name: `Express ${how}`,
    serve({ handle, options }) {
      const app = express();
      const keys = (request: express.Request) => secretOf(request.get('x-webhook-id'), SECRET);
      app.post('/parsed', express.json(), webhookRoute<Events>(keys, handle, options));
      for (const reader of readers) app.use(reader);
      app.post('/hook', webhookRoute<Events>(keys, handle, options));
      app.post(
        '/answer',
        webhookRoute<Events>(keys, ({ id }, _request, response) => response.status(202).json({ queued: id }), options),
      );
      const onError: ErrorRequestHandler = (error: Error, _request, response, _next) => {
        response.status('status' in error && typeof error.status === 'number' ? error.status : 500).end();
      };
      app.use(onError);
      return listen(app);
    },
  });
}
