import { stripVTControlCharacters } from 'node:util';
import { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDoctorCommand } from '../../src/cli/commands/doctor.js';
import { runDoctor } from '../../src/cli/doctor/run.js';
import { textOf } from '../../src/cli/doctor/text.js';
import { AREAS, type Finding, finding, ok, skipped } from '../../src/doctor/catalogue.js';
import { CHECKS } from '../../src/doctor/checks/all.js';
import { captured } from '../integration/doctor-helpers.js';

const plain = (_colour: string, text: string): string => text;
const marked = (colour: string, text: string): string => `<${colour}>${text}</${colour}>`;

describe('what doctor prints', () => {
  const findings: Finding[] = [
    ok('database', 'It answers.'),
    skipped('redis', 'None is set.'),
    finding('clock', 'clock.off', 'Ten seconds.', 'Set it.'),
    finding('workers', 'workers.none', 'None lives.', 'Start one.'),
  ];

  it('has a line for each finding, what to do below, and a summary', () => {
    expect(textOf(findings, plain)).toBe(
      [
        'ok       database     It answers.',
        '-        redis        None is set.',
        'warning  clock        Ten seconds.',
        '                      → Set it. (clock.off)',
        'FAILURE  workers      None lives.',
        '                      → Start one. (workers.none)',
        '',
        '1 failure, 1 warning; 1 fine, 1 not looked at.',
      ].join('\n'),
    );
    expect(textOf(findings.slice(0, 2), plain)).toMatch(/\n\nAll is well: 1 fine, 1 not looked at\.$/);
  });

  it('colours the word that says how bad it is', () => {
    const text = textOf(findings, marked);
    for (const word of ['<green>ok</green>', '<gray>-</gray>', '<yellow>warning</yellow>', '<red>FAILURE</red>']) {
      expect(text).toContain(word);
    }
  });

  it('keeps within the terminal, loses no word, and does nothing to the terminal', () => {
    const word = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'é', '\u001b', '漢', 'z') });
    const words = fc.array(word, { minLength: 1, maxLength: 40 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(words, words, fc.integer({ min: 60, max: 200 }), (found, mend, width) => {
        const text = textOf([finding('queue', 'queue.stuck', found, mend)], plain, width);
        expect(text).not.toContain('\u001b');
        const lines = text.split('\n').slice(0, -2);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
        const told = lines.map((line) => line.slice(22)).join(' ');
        expect(told).toContain(stripVTControlCharacters(found.replaceAll('\u001b', '?')));
      }),
    );
  });
});

describe('the command', () => {
  /** Cheap: it finds a wrong setting, and looks no further. */
  const wrong = { PORT: 'http' };

  it('has colours and the width of a terminal on a terminal alone, and no colours with NO_COLOR', async () => {
    const printed = async (env: Record<string, string>, terminal: { isTTY: boolean; columns: number }) => {
      const { out, text } = captured(terminal);
      expect(await runDoctor({ ...wrong, ...env }, {}, out)).toBe(1);
      return text();
    };
    const onTerminal = await printed({}, { isTTY: true, columns: 60 });
    expect(onTerminal).toContain('\u001b[31mFAILURE');
    for (const line of stripVTControlCharacters(onTerminal).split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    const plainly = await printed({ NO_COLOR: '1' }, { isTTY: true, columns: 60 });
    expect(plainly).toBe(stripVTControlCharacters(onTerminal));
    const elsewhere = await printed({}, { isTTY: false, columns: 60 });
    expect(elsewhere).not.toContain('\u001b');
    expect(elsewhere.split('\n').some((line) => line.length > 60)).toBe(true);
  });

  it('explains itself, the environment that it reads, and examples', async () => {
    let help = '';
    const program = new Command('hookline').exitOverride().configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    addDoctorCommand(program);
    await expect(program.parseAsync(['doctor', '--help'], { from: 'user' })).rejects.toThrow('outputHelp');
    expect(help).toMatch(/--json .*\n.*--strict/);
    expect(help).toMatch(/Environment:\n {2}DATABASE_URL .*REDIS_URL/s);
    expect(help).toContain('$ hookline doctor\n');
  });
});

it('has a check for every area', () => {
  expect(CHECKS.map(({ area }) => area)).toEqual(AREAS);
});
