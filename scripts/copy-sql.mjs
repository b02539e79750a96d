// tsc emits only JavaScript; the named .sql files are read at run time from beside the module that uses them.
import { cpSync } from 'node:fs';

cpSync('src', process.argv[2] ?? 'dist', {
  recursive: true,
  filter: (source) => !/\.[^./\\]+$/.test(source) || source.endsWith('.sql'),
});
