import type { Strings, Translated } from '../strings.js';
import first from './first.js';
import rest from './rest.js';

export default { ...first, ...rest } satisfies Translated<Strings>;
