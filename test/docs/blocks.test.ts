import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { TYPE_DEFS } from '../../src/api/graphql/type-defs.js';
import { VARIABLES } from '../../src/config/environment.js';
import { loadConfig } from '../../src/config.js';
import { ROOT } from '../harness/program.js';
import { type ApiDocument, apiDocument } from './api-document.js';
import { type Block, blocksOf, byPage, metaOf, placeOf } from './blocks.js';
import { type Kind, kindOf } from './kinds.js';
import { NOT_RUN, type NotRun } from './not-run.js';
import { allPages } from './pages.js';
import { type RunningServer, startServer } from './running-server.js';
import { wrongCalls } from './shell-checks.js';
import { shellError } from './shell-running.js';
import { mysqlErrors, sqlErrors } from './sql.js';
import { typeErrors } from './types.js';
import { moduleError } from './typescript-running.js';

const ALL = allPages().flatMap(blocksOf);
const fits = ({ file, code }: Block, listed: NotRun) => listed.file === file && code.startsWith(listed.starts);
const BLOCKS = ALL.filter((block) => !NOT_RUN.some((listed) => fits(block, listed)));
const of = (kind: Kind) => BLOCKS.filter((block) => kindOf(block) === kind);

/** What is wrong with each, at its place. */
function wrongOf(blocks: readonly Block[], check: (block: Block) => string | undefined): string[] {
  return blocks.flatMap((block) => {
    try {
      const wrong = check(block);
      return wrong === undefined ? [] : [`${placeOf(block)} ${wrong}`];
    } catch (error) {
      return [`${placeOf(block)} ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

describe('the code in docs', () => {
  it('is all of a kind that is tested, or on the list with a reason', () => {
    const untested = BLOCKS.filter((block) => kindOf(block) === undefined);
    expect(untested.map((block) => `${placeOf(block)} \`${block.language}\` is tested by nothing`)).toEqual([]);
    const unneeded = NOT_RUN.filter((listed) => !ALL.some((block) => fits(block, listed)));
    expect(unneeded.map(({ file, starts }) => `test/docs/not-run.ts has no block of ${file}: ${starts}`)).toEqual([]);
  });

  it('TypeScript and JavaScript: is as the types of the packages are', { timeout: 120_000 }, () => {
    expect(typeErrors(of('types'))).toEqual([]);
  });

  it('JSON: is JSON, and as the OpenAPI document has it where it says of what it is a sample', async () => {
    const api = await apiDocument();
    const wrong = wrongOf(of('json'), (block) => {
      const sample: unknown = JSON.parse(block.code);
      for (const kind of ['request', 'response'] as const) {
        const operation = metaOf(block, kind);
        if (operation !== undefined) return api.wrongWithSample(operation, kind, sample);
      }
      return undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('YAML: is YAML', () => {
    expect(
      wrongOf(of('yaml'), ({ code }) => parseAllDocuments(code).flatMap((one) => one.errors.map(String))[0]),
    ).toEqual([]);
  });

  it('GraphQL: is as the schema has it', () => {
    const schema = buildSchema(TYPE_DEFS);
    expect(wrongOf(of('graphql'), ({ code }) => validate(schema, parse(code))[0]?.message)).toEqual([]);
  });

  it('environment: has variables that there are, with values that they take', () => {
    const wrong = wrongOf(of('env'), ({ code }) => {
      const lines = code.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
      const given = lines.map((line) => /^(?:export )?(\w+)=(.*?)(?:\s+#.*)?$/.exec(line)?.slice(1) ?? [line, '']);
      const unknown = given.filter(([name]) => !VARIABLES.some((variable) => variable.name === name));
      if (unknown.length > 0) return `no variables: ${unknown.map(([name]) => name).join(', ')}`;
      loadConfig(Object.fromEntries(given.map(([name, value]) => [name, value?.replace(/^(['"])(.*)\1$/, '$2')])));
      return undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('copies of files: stand in them', () => {
    const wrong = wrongOf(of('file'), (block) => {
      const path = metaOf(block, 'file') ?? '';
      return readFileSync(join(ROOT, path), 'utf8').includes(block.code) ? undefined : `is not in ${path} as it is`;
    });
    expect(wrong).toEqual([]);
  });

  describe('shell', () => {
    let api: ApiDocument;
    beforeAll(async () => {
      api = await apiDocument();
    });

    it('calls commands with options that there are, and routes with what they take', { timeout: 120_000 }, async () => {
      const wrong: string[] = [];
      for (const block of of('read-shell')) wrong.push(...(await wrongCalls(block, api, inject('runFolder'))));
      expect(wrong).toEqual([]);
    });
  });
});

describe('SQL in docs', () => {
  it.each([...byPage(of('sql'))])('runs: %s', async (_, blocks) => {
    expect(await sqlErrors(blocks)).toEqual([]);
  });
  it.each([...byPage(of('mysql'))])('runs on MariaDB: %s', async (_, blocks) => {
    expect(await mysqlErrors(blocks)).toEqual([]);
  });
});

describe('code in docs that runs against a server', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it.each(of('types').filter(({ meta }) => meta === 'run'))(
    'comes to its end: $file:$line',
    { timeout: 90_000 },
    async (block) => {
      expect(await moduleError(block, server)).toBeUndefined();
    },
  );
  it.each([...byPage(of('run-shell'))])('comes to its end: %s', { timeout: 90_000 }, async (_, blocks) => {
    expect(await shellError(blocks, server)).toBeUndefined();
  });
});
