import type { Branches } from './branches.js';
import type { Databases } from './databases.js';
import type { DeployRequests } from './deploy-requests.js';
import type { Passwords } from './passwords.js';
import type { Names } from './shapes.js';
import type { State } from './state.js';
import type { Token } from './token.js';

/** What the routes need. */
export interface RouteContext {
  readonly databases: Databases;
  readonly state: State;
  readonly branches: Branches;
  readonly passwords: Passwords;
  readonly deployRequests: DeployRequests;
  readonly token: Token;
  readonly names: Names;
  readonly administrators: number;
  /** Where the gateways listen. */
  readonly host: string;
  /** One change of branches, passwords or deploy requests at a time. */
  readonly exclusive: <T>(fn: () => Promise<T>) => Promise<T>;
}
