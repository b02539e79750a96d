export { VERSION } from '../observe/version.js';
