import { describeOn, PLAIN } from './flavours.js';
import { SUITES } from './suites/index.js';

describeOn(PLAIN, SUITES);
