import pg from 'pg';

const SETTINGS = `LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on;
SET auto_explain.log_timing = off;
SET client_min_messages = log`;

/**
 * The plan of the statement inside a function whose text holds `part`, as auto_explain tells it; `text` calls the function and is rolled back.
 * `url` is a superuser's. Throws when no such statement ran.
 */
export async function nestedPlan(url: string, text: string, part: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const told: string[] = [];
  client.on('notice', ({ message = '' }) => told.push(message));
  try {
    // The second call is of a session that knows the catalogue.
    await client.query('BEGIN');
    await client.query(text);
    await client.query(`ROLLBACK; ${SETTINGS}`);
    await client.query('BEGIN');
    await client.query(text);
    await client.query('ROLLBACK');
  } finally {
    await client.end();
  }
  const found = told.find(
    (message) => message.includes('Query Text') && message.includes(part) && !message.includes(text),
  );
  if (found === undefined) throw new Error(`auto_explain told of no statement with ${part}`);
  return found.slice(found.search(/^\S.*\(cost=/m));
}
