import { describeOn, SUPABASE } from './flavours.js';
import { SUITES } from './suites/index.js';

describeOn(SUPABASE, SUITES);
