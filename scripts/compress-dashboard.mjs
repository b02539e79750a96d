// Writes what text the dashboard is made of beside itself as Brotli and gzip, which the API then sends to whoever takes them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const DIR = 'dist/dashboard/assets';
const TEXT = /\.(js|css|svg|json|txt|map)$/;

for (const name of readdirSync(DIR).filter((name) => TEXT.test(name))) {
  const content = readFileSync(join(DIR, name));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const compressed = { br: brotliCompressSync(content, { params: quality }), gz: gzipSync(content, { level: 9 }) };
  for (const [extension, bytes] of Object.entries(compressed)) {
    if (bytes.length < content.length) writeFileSync(join(DIR, `${name}.${extension}`), bytes);
  }
}
