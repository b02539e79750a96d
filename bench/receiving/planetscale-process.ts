import { startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { serve } from '../stand/serve.js';

/** PlanetScale's protocol in front of a database, in a process of its own as PlanetScale is. */
serve({
  start: async (mysql: string) => (await startPlanetscaleGateway({ mysql, user: 'bench', password: 'bench' })).url,
});
