import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { API_TYPES, apiTypes } from '../../../scripts/generate-client.js';

it('api-types.ts is what the server says of itself', async () => {
  const isCurrent = (await readFile(API_TYPES, 'utf8')) === (await apiTypes());
  expect(isCurrent, 'npm run generate:client writes it anew').toBe(true);
});
