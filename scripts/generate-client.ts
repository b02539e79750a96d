import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { openApiDocument } from './openapi-document.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
export const API_TYPES = fileURLToPath(new URL('../packages/client/src/api-types.ts', import.meta.url));
const HEAD = '// Made from the OpenAPI document of the server by `npm run generate:client`.\n';

/** The types of the API, as they stand in packages/client/src/api-types.ts when that is current. */
export async function apiTypes(): Promise<string> {
  const types = await openapiTS(await openApiDocument<OpenAPI3>());
  return formatted(`${HEAD}\n${astToString(types)}`);
}

/** As `npm run lint` wants it. */
function formatted(text: string): Promise<string> {
  const args = ['node_modules/@biomejs/biome/bin/biome', 'format', `--stdin-file-path=${API_TYPES}`];
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 64 * 1_048_576 }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
    child.stdin?.end(text);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(API_TYPES, await apiTypes());
