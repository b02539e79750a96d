/** Times are ISO 8601 in UTC; whole lists and schemas are JSON. */
export interface BranchRow {
  readonly name: string;
  readonly id: string;
  readonly database_name: string;
  readonly parent_branch: string | null;
  readonly production: number;
  readonly safe_migrations: number;
  /** The tables as they were when this branch and production parted. */
  readonly base: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** Null while the tables are being made. */
  readonly ready_at: string | null;
}

export interface PasswordRow {
  readonly id: string;
  readonly branch: string;
  readonly name: string;
  readonly role: string;
  readonly username: string;
  /** As it is: a gateway that is started again has to know it. PlanetScale keeps none. */
  readonly plain_text: string;
  readonly port: number;
  readonly ttl_seconds: number;
  readonly expires_at: string | null;
  readonly created_at: string;
}

/** A deploy request with its deployment. */
export interface DeployRequestRow {
  readonly number: number;
  readonly id: string;
  readonly branch: string;
  readonly into_branch: string;
  readonly state: 'open' | 'closed';
  readonly notes: string;
  readonly auto_cutover: number;
  readonly auto_delete_branch: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly closed_at: string | null;
  readonly deployed_at: string | null;
  readonly deployment_id: string;
  readonly deployment_state: string;
  readonly instant_ddl: number;
  readonly instant_ddl_eligible: number;
  readonly lint_errors: string;
  readonly deploy_check_errors: string | null;
  /** Of both branches, as the last check saw them. */
  readonly checked_hash: string | null;
  /** Production's tables before the deployment, and what they become; null until they are known. */
  readonly before_schema: string | null;
  readonly target_schema: string | null;
  /** The branch's tables as they were deployed, and its base before that. */
  readonly branch_schema: string | null;
  readonly base_before: string | null;
  readonly queued_at: string | null;
  readonly started_at: string | null;
  readonly submitted_at: string | null;
  readonly ready_to_cutover_at: string | null;
  readonly cutover_at: string | null;
  readonly finished_at: string | null;
  readonly schema_last_updated_at: string | null;
}

export interface OperationRow {
  readonly id: string;
  readonly deploy_request: number;
  readonly table_name: string;
  readonly operation_name: string;
  readonly ddl_statement: string;
  readonly can_drop_data: number;
  readonly state: string;
  readonly progress_percentage: number;
  readonly deploy_errors: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ReviewRow {
  readonly id: string;
  readonly deploy_request: number;
  readonly state: 'approved' | 'commented';
  readonly body: string;
  readonly actor: string;
  readonly created_at: string;
}

export interface Tables {
  readonly branches: BranchRow;
  readonly passwords: PasswordRow;
  readonly deploy_requests: DeployRequestRow;
  readonly operations: OperationRow;
  readonly reviews: ReviewRow;
}

const TIME = 'CHAR(24) CHARACTER SET ascii';
const WORD = 'VARCHAR(100) COLLATE utf8mb4_bin';

/** The first column of each is the order in which rows were made. */
export const STATE_TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS branches (seq INT AUTO_INCREMENT PRIMARY KEY, name ${WORD} NOT NULL UNIQUE, id ${WORD} NOT NULL,
    database_name ${WORD} NOT NULL, parent_branch ${WORD}, production BOOLEAN NOT NULL, safe_migrations BOOLEAN NOT NULL,
    base LONGTEXT NOT NULL, created_at ${TIME} NOT NULL, updated_at ${TIME} NOT NULL, ready_at ${TIME})`,
  `CREATE TABLE IF NOT EXISTS passwords (seq INT AUTO_INCREMENT PRIMARY KEY, id ${WORD} NOT NULL UNIQUE, branch ${WORD} NOT NULL,
    name ${WORD} NOT NULL, role ${WORD} NOT NULL, username ${WORD} NOT NULL, plain_text ${WORD} NOT NULL, port INT NOT NULL,
    ttl_seconds INT NOT NULL, expires_at ${TIME}, created_at ${TIME} NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS deploy_requests (number INT AUTO_INCREMENT PRIMARY KEY, id ${WORD} NOT NULL,
    branch ${WORD} NOT NULL, into_branch ${WORD} NOT NULL, state ${WORD} NOT NULL, notes LONGTEXT NOT NULL,
    auto_cutover BOOLEAN NOT NULL, auto_delete_branch BOOLEAN NOT NULL, created_at ${TIME} NOT NULL, updated_at ${TIME} NOT NULL,
    closed_at ${TIME}, deployed_at ${TIME}, deployment_id ${WORD} NOT NULL, deployment_state ${WORD} NOT NULL,
    instant_ddl BOOLEAN NOT NULL DEFAULT FALSE, instant_ddl_eligible BOOLEAN NOT NULL DEFAULT FALSE, lint_errors LONGTEXT NOT NULL,
    deploy_check_errors LONGTEXT, checked_hash ${WORD.replace('100', '200')}, before_schema LONGTEXT, target_schema LONGTEXT,
    branch_schema LONGTEXT, base_before LONGTEXT, queued_at ${TIME}, started_at ${TIME}, submitted_at ${TIME},
    ready_to_cutover_at ${TIME}, cutover_at ${TIME}, finished_at ${TIME}, schema_last_updated_at ${TIME})`,
  `CREATE TABLE IF NOT EXISTS operations (seq INT AUTO_INCREMENT PRIMARY KEY, id ${WORD} NOT NULL UNIQUE, deploy_request INT NOT NULL,
    table_name ${WORD} NOT NULL, operation_name ${WORD} NOT NULL, ddl_statement LONGTEXT NOT NULL, can_drop_data BOOLEAN NOT NULL,
    state ${WORD} NOT NULL, progress_percentage INT NOT NULL, deploy_errors LONGTEXT, created_at ${TIME} NOT NULL, updated_at ${TIME} NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS reviews (seq INT AUTO_INCREMENT PRIMARY KEY, id ${WORD} NOT NULL UNIQUE, deploy_request INT NOT NULL,
    state ${WORD} NOT NULL, body LONGTEXT NOT NULL, actor ${WORD} NOT NULL, created_at ${TIME} NOT NULL)`,
];
