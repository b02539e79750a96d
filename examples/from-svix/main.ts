import pg from 'pg';
import { Svix } from 'svix';
import { endpoints, eventTypes } from './read.js';
import { writeEndpoint, writeEventType } from './write.js';

const svix = new Svix(setting('SVIX_TOKEN'), { serverUrl: setting('SVIX_URL') });
const client = new pg.Client({ connectionString: setting('DATABASE_URL') });
await client.connect();
// One transaction: a run that fails half-way has moved nothing, and is simply run again.
await client.query('BEGIN; SET LOCAL ROLE service_role');
let moved = 0;
let known = 0;
const types: string[] = [];
for await (const type of eventTypes(svix)) {
  await writeEventType(client, type);
  types.push(type.name);
}
for await (const endpoint of endpoints(svix)) {
  const { isNew, notes } = await writeEndpoint(client, endpoint, types);
  if (isNew) moved += 1;
  else known += 1;
  for (const note of notes) console.log(`${endpoint.customer}: ${endpoint.endpoint.url} ${note}.`);
}
await client.query('COMMIT');
await client.end();
console.log(`${moved} endpoints moved, ${known} were here already.`);

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Set ${name}.`);
  return value;
}
