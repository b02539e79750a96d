import type { TenancyContext } from '../acting.js';
import { describeCatalogue } from './catalogue.js';
import { describeCompleteness } from './completeness.js';
import { describeFunctions } from './functions.js';
import { describeGrantedAll } from './granted-all.js';
import { describeOwnerColumns } from './owner-columns.js';
import { describePartitions } from './partitions.js';
import { describeReadOnly } from './read-only.js';
import { describeRights } from './rights.js';
import { describeSilence } from './silence.js';

/** All that has to hold on every database. */
export const SUITES: readonly ((ctx: TenancyContext) => void)[] = [
  describeCompleteness,
  describeCatalogue,
  describeRights,
  describeFunctions,
  describeOwnerColumns,
  describeReadOnly,
  describeSilence,
  describePartitions,
  describeGrantedAll,
];
