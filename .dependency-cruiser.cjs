/**
 * The direction of imports: a hop imports only what stands before it in the flow, and the shared ground. `npm run lint` holds it.
 * The order is the flow of DESIGN, trigger → in-process → graphql → receive → deliver → maintain → manage → live → api → main → doctor → schema → dev → cli; inside deliver claim → prepare → send → record → worker.
 */

/** What every hop may import. It knows of no hop. */
const SHARED = ['^src/(db|observe|egress|config|secrets)/', '^src/(errors|config)[.]ts$'];

const STAGES = ['claim', 'prepare', 'send', 'record', 'worker'].map((name) => ({
  name,
  path: [name === 'worker' ? '^src/deliver/worker[.]ts$' : `^src/deliver/${name}/`],
}));

const HOPS = [
  { name: 'trigger', path: ['^src/trigger/'] },
  { name: 'in-process', path: ['^src/in-process/'] },
  { name: 'graphql', path: ['^src/graphql/'] },
  { name: 'receive', path: ['^src/receive/'] },
  { name: 'deliver', path: ['^src/deliver/'] },
  { name: 'maintain', path: ['^src/maintain/'] },
  { name: 'manage', path: ['^src/manage/'] },
  { name: 'live', path: ['^src/live/'] },
  { name: 'api', path: ['^src/api/'] },
  { name: 'main', path: ['^src/main[.]ts$', '^src/start/'] },
  { name: 'doctor', path: ['^src/doctor/'] },
  { name: 'schema', path: ['^src/schema/'] },
  { name: 'dev', path: ['^src/dev/'] },
  { name: 'cli', path: ['^src/cli/'] },
];

const paths = (steps) => steps.flatMap((step) => step.path);

const hopsImportOnlyWhatStandsBefore = HOPS.map(({ name, path }, index) => ({
  name: `${name}-imports-only-what-stands-before-it`,
  severity: 'error',
  from: { path },
  to: { path: '^src/', pathNot: [...paths(HOPS.slice(0, index + 1)), ...SHARED] },
}));

/** Files of deliver that are no stage (types of the stages, the retry schedule) serve all of them. */
const stagesImportNoLaterStage = STAGES.slice(0, -1).map(({ name, path }, index) => ({
  name: `${name}-imports-no-later-stage`,
  severity: 'error',
  from: { path },
  to: { path: paths(STAGES.slice(index + 1)) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...hopsImportOnlyWhatStandsBefore,
    ...stagesImportNoLaterStage,
    {
      name: 'every-file-has-its-place',
      comment: 'A new folder of src is written into HOPS or SHARED above.',
      severity: 'error',
      from: { path: '^src/', pathNot: [...paths(HOPS), ...SHARED] },
      to: {},
    },
    {
      name: 'shared-ground-imports-no-hop',
      severity: 'error',
      from: { path: SHARED },
      to: { path: '^src/', pathNot: SHARED },
    },
    {
      name: 'receiver-stands-alone',
      comment:
        "It runs on edge runtimes: no Node built-in, no package but PlanetScale's driver in its store, nothing of the server.",
      severity: 'error',
      from: { path: '^packages/receiver/src/', pathNot: '^packages/receiver/src/stores/planetscale[.]ts$' },
      to: { pathNot: '^packages/receiver/src/' },
    },
    {
      name: 'receiver-planetscale-store-takes-the-driver-alone',
      severity: 'error',
      from: { path: '^packages/receiver/src/stores/planetscale[.]ts$' },
      to: { pathNot: ['^packages/receiver/src/', '(^|/)node_modules/@planetscale/database/'] },
    },
    {
      name: 'client-stands-alone',
      comment:
        'It runs in browsers and on edge runtimes: no Node built-in, no package but its REST client and its parser of event streams, nothing of the server.',
      severity: 'error',
      from: { path: '^packages/client/src/' },
      to: {
        pathNot: ['^packages/client/src/', '(^|/)node_modules/(openapi-fetch|eventsource-parser)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'dashboard-knows-the-api-alone',
      comment: "It runs in browsers: nothing of the server, which it knows by its API's types.",
      severity: 'error',
      from: { path: '^dashboard/src/' },
      to: { pathNot: ['^dashboard/src/', '^packages/client/src/', '(^|/)node_modules/'] },
    },
    {
      name: 'product-imports-no-test',
      severity: 'error',
      from: { path: '^(src|dashboard/src|packages/[^/]+/src)/' },
      to: { path: ['^(test|bench|scripts|examples)/', '^packages/[^/]+/test/'] },
    },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-development-package-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'What cannot be resolved escapes every rule above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['hookline-source', 'import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
