import { type Static, Type } from 'typebox';

/** What of PlanetScale's answers is read. Fields that are not named here may be anything. */

const nullable = <Shape extends Parameters<typeof Type.Union>[0][number]>(shape: Shape) =>
  Type.Optional(Type.Union([shape, Type.Null()]));
const text = nullable(Type.String());
const flag = nullable(Type.Boolean());
const id = Type.Union([Type.String(), Type.Integer()]);

export const BranchShape = Type.Object({
  name: Type.String(),
  parent_branch: text,
  production: Type.Boolean(),
  ready: Type.Boolean(),
  safe_migrations: flag,
  created_at: Type.String(),
  html_url: text,
});
export type ApiBranch = Static<typeof BranchShape>;

export const TableShape = Type.Object({ name: Type.String(), raw: Type.String() });

export const LintErrorShape = Type.Object({
  lint_error: Type.String(),
  table_name: text,
  column_name: text,
  error_description: text,
  docs_url: text,
});
export type ApiLintError = Static<typeof LintErrorShape>;

export const PasswordShape = Type.Object({
  id,
  access_host_url: Type.String({ minLength: 1 }),
  username: Type.String({ minLength: 1 }),
  plain_text: Type.String({ minLength: 1 }),
});
export type ApiPassword = Static<typeof PasswordShape>;
export const ListedPasswordShape = Type.Object({ id, name: text });

export const DeploymentShape = Type.Object({
  state: Type.String(),
  deployable: flag,
  lint_errors: nullable(Type.Array(LintErrorShape)),
  deploy_check_errors: text,
  instant_ddl_eligible: flag,
  preceding_deployments: nullable(Type.Array(Type.Unknown())),
  finished_at: text,
  locking_table_name: text,
});
export type ApiDeployment = Static<typeof DeploymentShape>;

export const DeployRequestShape = Type.Object({
  number: Type.Integer(),
  branch: Type.String(),
  into_branch: Type.String(),
  state: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
  deployment_state: Type.String(),
  approved: flag,
  notes: text,
  html_url: text,
  created_at: Type.String(),
  closed_at: text,
  deployed_at: text,
  deployment: nullable(DeploymentShape),
});
export type ApiDeployRequest = Static<typeof DeployRequestShape>;

export const OperationShape = Type.Object({
  state: Type.String(),
  table_name: text,
  operation_name: text,
  eta_seconds: nullable(Type.Number()),
  progress_percentage: nullable(Type.Number()),
  ddl_statement: text,
  can_drop_data: flag,
  deploy_errors: text,
});
export type ApiOperation = Static<typeof OperationShape>;

export const ReviewShape = Type.Object({
  id,
  state: Type.String(),
  body: text,
  actor: nullable(Type.Object({ display_name: text })),
  created_at: Type.String(),
});
export type ApiReview = Static<typeof ReviewShape>;

/** An answer of which nothing is read. */
export const AnyShape = Type.Unknown();
