import { describe, expect, it, vi } from 'vitest';
import { printable } from '../../src/cli/printable.js';
import { branchTable } from '../../src/cli/schema/branch.js';
import { lossesOf, statementsOf } from '../../src/cli/schema/changes.js';
import { conditionsOf, detailsText, stateText } from '../../src/cli/schema/deploy-request-text.js';
import { counted, errorsFirst, findingsTable, merged } from '../../src/cli/schema/findings.js';
import { jsonOf } from '../../src/cli/schema/json.js';
import { replayText } from '../../src/cli/schema/replay-text.js';
import { tableOf } from '../../src/cli/table.js';
import { createWaitProgress } from '../../src/cli/wait-progress.js';
import { without } from '../../src/schema/lint/findings.js';
import type { DeployRequest, LintFinding, Review } from '../../src/schema/provider.js';
import type { ReplayReport } from '../../src/schema/replay/report.js';
import { withRequirement } from '../../src/schema/replay/requirement.js';

const finding = (over: Partial<LintFinding>): LintFinding => ({
  code: 'NO_UNIQUE_KEY',
  severity: 'error',
  table: 'drafts',
  column: null,
  line: null,
  message: 'drafts has no unique key.',
  hint: 'Add a primary key.',
  ...over,
});

const request: DeployRequest = {
  number: 3,
  branch: 'ai-content-v2',
  intoBranch: 'main',
  state: 'open',
  deploymentState: 'ready',
  approved: false,
  notes: '',
  deployable: true,
  instantDdlEligible: true,
  problems: [],
  revertUntil: null,
  createdAt: '2026-11-23T00:00:00.000Z',
  deployedAt: null,
  closedAt: null,
  url: null,
};

const report: ReplayReport = {
  branch: 'ai-content-v2',
  schemaHash: '0'.repeat(64),
  source: 'stored',
  webhooks: 500,
  passed: 498,
  acknowledged: 0,
  notCompared: 0,
  failedBefore: 0,
  counts: { failed: 1, different: 1, cut: 0 },
  failed: [{ id: '7', channelId: 'c7', event: 'video.generated', code: 'ER_DATA_TOO_LONG', message: 'Data too long' }],
  different: [{ id: '8', column: 'category', stored: null, replayed: '' }],
  cut: [],
  newColumns: [{ column: 'quality_score', filled: 2, empty: 498 }],
  droppedColumns: [],
  speed: null,
  stopped: null,
  worse: true,
  startedAt: '2026-11-23T00:00:00.000Z',
  tookMs: 900,
};

describe('tables of hookline schema', () => {
  it('have a head, columns in line, no borders and no spaces at the end of a line', () => {
    const table = tableOf(
      ['name', 'ready'],
      [
        ['main', true],
        ['ai-content-v2', false],
        ['x', null],
      ],
    );
    expect(table).toBe('NAME            READY\nmain            yes\nai-content-v2   no\nx               -');
  });

  it('wrap their last column at the width of a terminal', () => {
    const table = tableOf(['name', 'text'], [['a', `${'word '.repeat(12)}end`]], 50);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50);
    expect(table.replace(/\s+/g, ' ')).toBe(`NAME TEXT a ${'word '.repeat(12)}end`);
  });

  it('cut nothing off where a word is longer than the column', () => {
    const word = `"${'0123456789'.repeat(9)}"`;
    const table = tableOf(['name', 'text'], [['a', `see ${word} there`]], 50);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50);
    expect(table.replace(/\s+/g, '')).toBe(`NAMETEXTasee${word}there`);
  });

  it('know that signs of East Asia take two columns', () => {
    const table = tableOf(['title', 'text'], [['여명의 등대', `${'word '.repeat(12)}end`]], 50);
    expect(table).not.toContain('…');
    expect(table).toContain('여명의 등대   word');
  });

  it('are told row by row on a terminal that is too narrow for their columns', () => {
    const head = ['one', 'a second', 'text'];
    const rows = [
      ['a'.repeat(20), 'b'.repeat(20), 'word '.repeat(12)],
      ['c', true, null],
    ];
    const text = tableOf(head, rows, 60);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(text).toMatch(
      /^ONE {8}a{20}\nA SECOND {3}b{20}\nTEXT {7}word .*\n {11}word .*\n\nONE {8}c\nA SECOND {3}yes\nTEXT {7}-$/,
    );
    expect(tableOf(head, rows, undefined).split('\n')).toHaveLength(3);
  });

  it('fit a usual terminal as the list of branches', () => {
    const branch = {
      name: 'ai-content-v2',
      parentBranch: 'main',
      production: false,
      ready: true,
      safeMigrations: false,
      createdAt: '2026-11-23T23:59:59.999Z',
      url: null,
    };
    expect(branchTable([branch]).split('\n')[1]?.length).toBeLessThanOrEqual(80);
    expect(branchTable([branch])).toMatch(/ 2026-11-23 23:59$/);
  });

  it('pass nothing on that would do something to a terminal, and keep lines', () => {
    expect(tableOf(['a'], [['\u001b[31mred\u0007\nnext']])).toBe('A\n?[31mred?\nnext');
  });

  it('show branches', () => {
    const branch = {
      name: 'main',
      parentBranch: null,
      production: true,
      ready: true,
      safeMigrations: false,
      createdAt: '2026-11-23T00:00:00Z',
      url: null,
    };
    expect(branchTable([branch])).toMatch(
      /^NAME {3}PARENT {3}PRODUCTION .* CREATED \(UTC\)\nmain {3}- +yes +no +yes +2026-11-23 00:00$/,
    );
  });
});

describe('JSON of hookline schema', () => {
  it('has snake_case names at every depth, and values as they are', () => {
    expect(jsonOf([{ parentBranch: 'someName', deep: { canDropData: true, lossesOf: ['aB'] }, none: null }])).toBe(
      '[{"parent_branch":"someName","deep":{"can_drop_data":true,"losses_of":["aB"]},"none":null}]',
    );
  });
});

describe('findings', () => {
  it('stand once where Hookline and the provider find the same, and all of them where they differ', () => {
    const own = [finding({}), finding({ message: 'a second one of the same code' })];
    const theirs = [
      finding({ message: "in PlanetScale's words" }),
      finding({ table: 'other' }),
      finding({ code: 'INVALID_VSCHEMA' }),
    ];
    expect(merged(own, theirs)).toEqual([...own, theirs[1], theirs[2]]);
    expect(merged([finding({ column: 'a' })], [finding({ column: 'b' }), finding({ column: null })])).toHaveLength(2);
  });

  it('that were there before are known', () => {
    const old = finding({ table: 'old' });
    expect(without([old, finding({})], [old])).toEqual([finding({})]);
  });

  it('are a table with the place, what is wrong and what to do instead, errors first', () => {
    const findings = [
      finding({ severity: 'warning', code: 'DATA_LOSS', column: 'body' }),
      finding({ line: 4, table: null }),
    ];
    const [, first, second, third] = findingsTable(errorsFirst(findings)).split('\n');
    expect(first).toMatch(/^error +NO_UNIQUE_KEY +line 4 +drafts has no unique key\.$/);
    expect(second?.trim()).toBe('Add a primary key.');
    expect(third).toMatch(/^warning +DATA_LOSS +drafts\.body +/);
    expect(counted(findings)).toBe('1 error, 1 warning');
    expect(counted([])).toBe('nothing');
  });
});

describe('changes', () => {
  it('are a file of SQL that says what would go', () => {
    const changes = [
      {
        table: 'a',
        operation: 'ALTER',
        statement: 'ALTER TABLE `a` DROP COLUMN `x`',
        canDropData: true,
        losses: ['column x'],
      },
      { table: 'b', operation: 'CREATE', statement: 'CREATE TABLE `b` (id int)', canDropData: false, losses: [] },
    ] as const;
    expect(statementsOf(changes)).toBe(
      '-- takes away stored data: column x\nALTER TABLE `a` DROP COLUMN `x`;\nCREATE TABLE `b` (id int);',
    );
    expect(lossesOf(changes)).toEqual(['a: column x']);
  });
});

describe('a statement of a file from Windows, or one with tabs', () => {
  it('is shown as it is', () => {
    expect(printable('ALTER TABLE t\r\n\tADD COLUMN x INT\r')).toBe('ALTER TABLE t\n\tADD COLUMN x INT?');
  });
});

describe('a deploy request', () => {
  it('has no line for programs among its comments', () => {
    const body = 'Replay passed: 500 webhooks.\nhookline-replay {"request":3,"result":"passed"}';
    const reviews: Review[] = [{ state: 'commented', body, actor: 'ann', createdAt: 'no time' }];
    const text = detailsText({ request, operations: [], reviews });
    expect(text).toMatch(/\ncommented +ann +no time +Replay passed: 500 webhooks\.$/);
  });

  it('that deploy will refuse without more says so when it is made', () => {
    const notes = withRequirement('');
    expect(conditionsOf(request, [{ canDropData: false }])).toEqual([]);
    expect(conditionsOf({ ...request, notes }, [{ canDropData: true }])).toEqual([
      'Before that a replay has to pass: `hookline schema replay --branch ai-content-v2`.',
      'It takes away stored data, so `deploy` asks for --allow-data-loss.',
    ]);
    expect(conditionsOf({ ...request, notes, deploymentState: 'no_changes' }, [])).toEqual([]);
  });

  it('is shown with its statements, reviews and problems', () => {
    const text = detailsText({
      request: { ...request, notes: 'Scores', problems: [finding({})] },
      operations: [
        {
          table: 'ai_content',
          operation: 'ALTER',
          statement: 'ALTER TABLE …',
          state: 'in_progress',
          progressPercentage: 40,
          etaSeconds: 12,
          canDropData: false,
          losses: [],
          algorithm: 'INSTANT',
          error: null,
        },
      ],
      reviews: [{ state: 'approved', body: 'Looks good', actor: 'ann', createdAt: '2026-11-23T00:00:00Z' }],
    });
    expect(text).toMatch(/^Deploy request +#3\nBranch +ai-content-v2, into main\n/);
    expect(text).toMatch(/Notes +Scores/);
    expect(text).toMatch(/\nai_content +ALTER +in_progress +40 %, 12 s left +INSTANT +no +-\n/);
    expect(text).toMatch(/\nerror +NO_UNIQUE_KEY +drafts /);
    expect(text).toMatch(/\napproved +ann +2026-11-23 00:00 +Looks good$/);
  });

  it.each([
    ['ready', 'It can be deployed: `hookline schema deploy-request deploy 3`.'],
    ['complete_pending_revert', '`hookline schema deploy-request revert 3` takes it back until 2026-11-23T00:30:00Z.'],
    ['complete', 'It is deployed into main.'],
    ['complete_revert', 'The schema of main is as it was before.'],
    ['complete_cancel', 'It was not deployed.'],
    ['no_changes', 'Its branch and main are the same. `hookline schema deploy-request close 3` puts it away.'],
    ['pending_cutover', '`hookline schema deploy-request apply 3` switches over.'],
    ['a_state_made_since', '`hookline schema deploy-request show 3` tells how far it is.'],
  ])('in %s says what may be done next', (deploymentState, end) => {
    const text = stateText({ ...request, deploymentState, revertUntil: '2026-11-23T00:30:00Z' });
    expect(text.startsWith(`Deploy request #3: ${deploymentState}. `)).toBe(true);
    expect(text.endsWith(end)).toBe(true);
  });

  it('that something stands in the way of tells what', () => {
    const text = stateText({ ...request, deploymentState: 'error', problems: [finding({})] });
    expect(text).toMatch(
      /^Deploy request #3: error\. Something stands in its way\.\n\nSEVERITY .*\nerror +NO_UNIQUE_KEY/,
    );
  });
});

describe('a replay', () => {
  it('is told in one line, and a table for each kind of finding', () => {
    const text = replayText({
      ...report,
      counts: { failed: 120, different: 1, cut: 0 },
      speed: {
        baseMedianMs: 2,
        branchMedianMs: 4,
        baseP95Ms: 3,
        branchP95Ms: 6,
        ratio: 2,
        slowerThan: 1.5,
        slower: true,
      },
    });
    expect(text).toMatch(/^Replay failed: 500 webhooks on ai-content-v2, /);
    expect(text).toMatch(
      /\nFailed \(the first 1 of 120\)\nID .*\n7 +c7 +video\.generated +ER_DATA_TOO_LONG +Data too long\n/,
    );
    expect(text).toMatch(/\nDifferent\nID .*\n8 +category +NULL +''\n/);
    expect(text).toMatch(/\nquality_score +new +2 +498\n/);
    expect(text).toMatch(
      /Time of an insert: × 2 \(the median of each webhook's own\), slower from × 1.5\n.*\nmain +2 +3\nai-content-v2 +4 +6$/,
    );
    expect(text).not.toContain('Cut');
  });
});

describe('progress on a terminal', () => {
  it('writes nothing where nothing was shown, no more than a line, and what came last when nothing follows', () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    const written: string[] = [];
    const progress = createWaitProgress({
      isTTY: true,
      columns: 20,
      write: (text: string) => written.push(text) > 0,
    });
    progress.end();
    expect(written).toEqual([]);
    progress.show('a text that is soon followed by another');
    progress.show('a text that is longer than the terminal is wide');
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(written).toEqual(['\r\u001b[Ka text that is lon…']);
    progress.show('汉字'.repeat(10));
    vi.advanceTimersByTime(1_000);
    expect(written[1]).toBe(`\r\u001b[K${'汉字汉字汉字汉字汉'}…`);
    progress.end();
    expect(written).toHaveLength(3);
    vi.useRealTimers();
  });
});

describe('progress where there is no terminal', () => {
  it('is a line for each text that is new, and not a line for each that comes', () => {
    const lines: string[] = [];
    const progress = createWaitProgress({
      isTTY: false,
      write: (line: string) => lines.push(line) > 0,
    });
    for (const text of ['queued', 'queued', 'in_progress: 1 %', 'in_progress: 2 %']) progress.show(text);
    progress.end();
    expect(lines).toEqual(['queued\n']);
  });
});
