import type { Queryable } from '../../src/db/database.js';
import { type Language, teller } from './language.js';
import { commandsPage } from './pages/commands.js';
import { deliveriesPage } from './pages/deliveries.js';
import { doctorPage } from './pages/doctor.js';
import { environmentPage } from './pages/environment.js';
import { errorsPage } from './pages/errors.js';
import { filtersPage } from './pages/filters.js';
import { functionsPage } from './pages/functions.js';
import { indexPage } from './pages/index.js';
import { metricsPage } from './pages/metrics.js';
import { tablesPage } from './pages/tables.js';

/** The pages of the reference by their file names. `db` is migrated, and otherwise as it was made. */
export async function referencePages(db: Queryable, language: Language): Promise<ReadonlyMap<string, string>> {
  const t = teller(language);
  return new Map([
    ['README.md', indexPage(t)],
    ['tables.md', await tablesPage(db, t)],
    ['functions.md', await functionsPage(db, t)],
    ['deliveries.md', await deliveriesPage(db, t)],
    ['filters.md', await filtersPage(db, t)],
    ['errors.md', errorsPage(t)],
    ['environment.md', environmentPage(t)],
    ['commands.md', commandsPage(t)],
    ['metrics.md', await metricsPage(t)],
    ['doctor.md', doctorPage(t)],
  ]);
}
