import first from './first.js';
import rest from './rest.js';

export default { ...first, ...rest };
