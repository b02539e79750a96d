import app from './app.js';
import nav from './nav.js';
import overview from './overview.js';
import problems from './problems.js';
import signIn from './sign-in.js';
import statuses from './statuses.js';

/** What the first page and the frame around all pages say. */
export default { app, nav, overview, problems, signIn, statuses };
