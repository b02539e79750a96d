import { createHookline } from 'hookline';
import pg from 'pg';
import { type Events, finishVideo } from './videos.js';

const pool = new pg.Pool({ connectionString: setting('DATABASE_URL') });
// An idle connection that is lost would end the process.
pool.on('error', (error) => console.error(error.message));
const hookline = createHookline<Events>({ pool });
const userId = setting('USER_ID');

const fail = (): never => {
  throw new Error('the disk is full');
};
await finishVideo({ pool, hookline }, { id: 'v1', userId }, fail).catch((error: Error) => {
  console.log(`rolled back: ${error.message}; nothing is delivered`);
});
await finishVideo({ pool, hookline }, { id: 'v2', userId });
console.log('committed: v2 is delivered');
await pool.end();

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Set ${name}.`);
  return value;
}
