import { loadSql } from '../../db/sql-file.js';
import { openReceiverStore, type ReceiverStore } from '../../receive/receiver-store.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { askOneAsService, type Check, type Context } from '../context.js';
import { silent } from '../silent.js';
import { counted } from '../told.js';

const IN_POSTGRES = loadSql(import.meta.url, './callbacks.sql');
const IN_MYSQL = loadSql(import.meta.url, './callbacks-mysql.sql');

type Callbacks = Readonly<Record<'pending' | 'late' | 'givenUp' | 'refused', number>>;

/** Callbacks to the gateway that did not get through. */
export const callbacks: Check = {
  area: 'callbacks',
  needs: 'service',
  async run(context) {
    const { config, db } = context;
    const store = openReceiverStore(db, silent, config);
    try {
      const seen = await read(context, store.elsewhere);
      return orOk(
        'callbacks',
        findingsOf(seen, config.apiKey === undefined && db.kind === 'postgres'),
        `${counted(seen.pending, 'callback')} to be sent, none of them late.`,
      );
    } finally {
      await store.close();
    }
  },
};

async function read({ db }: Context, elsewhere: ReceiverStore['elsewhere']): Promise<Callbacks> {
  if (elsewhere === undefined) return askOneAsService<Callbacks>(db, IN_POSTGRES);
  if (elsewhere.kind === 'postgres') return askOneAsService<Callbacks>(elsewhere.db, IN_POSTGRES);
  const { rows } = await elsewhere.run(IN_MYSQL, []);
  const [row = {}] = rows as Record<string, unknown>[];
  // Counts come as text, or as numbers, by the driver.
  const count = (name: string): number => Number(row[name] ?? 0);
  return { pending: count('pending'), late: count('late'), givenUp: count('givenUp'), refused: count('refused') };
}

function findingsOf({ pending, late, givenUp, refused }: Callbacks, lacksKey: boolean): Finding[] {
  const found: Finding[] = [];
  if (pending > 0 && lacksKey) {
    const what = `${counted(pending, 'callback waits', 'callbacks wait')}, and MODELRIVER_API_KEY is not set here: a worker with these settings sends none.`;
    found.push(finding('callbacks', 'callbacks.without_key', what, "Set it to the gateway's key for every worker."));
  }
  if (late > 0) {
    const what = `${counted(late, 'callback has', 'callbacks have')} been due for more than five minutes.`;
    found.push(
      finding(
        'callbacks',
        'callbacks.late',
        what,
        'Workers send them: look at workers above, and whether their MODELRIVER_API_KEY is set.',
      ),
    );
  }
  if (givenUp > 0 || refused > 0) {
    const what = `Of the callbacks of the last day ${givenUp} failed for good, and ${refused} were refused for their origin (the last 10,000 webhooks were looked at).`;
    const mend =
      'GET /v1/ai-content?callback_state=failed (expired, refused) lists them, with the error of each; HOOKLINE_CALLBACK_ORIGINS names the origins that may be called.';
    found.push(finding('callbacks', 'callbacks.given_up', what, mend));
  }
  return found;
}
