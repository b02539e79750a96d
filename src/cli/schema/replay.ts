import { HooklineError } from '../../errors.js';
import { loadMapping } from '../../schema/replay/mapping.js';
import { replay } from '../../schema/replay/replay.js';
import { summaryOf } from '../../schema/replay/report.js';
import { recordReplay } from '../../schema/replay/requirement.js';
import type { ReplaySource } from '../../schema/replay/source.js';
import { replayText } from './replay-text.js';
import { type CommonOptions, withProvider } from './run.js';

/** How long the temporary branch of the baseline may take to be ready. */
const BASELINE_SECONDS = 600;

interface ReplayOnOptions extends CommonOptions {
  readonly branch: string;
  readonly last: number;
  readonly files?: readonly string[];
  readonly handler?: string;
  readonly baseline: boolean;
  readonly slowerThan: number;
}

/** `schema replay`: its result is written to the branch's open deploy request, too, where there is one. */
export async function replayOn(options: ReplayOnOptions): Promise<void> {
  const { branch, last, files, handler, baseline, slowerThan } = options;
  const source: ReplaySource = files === undefined ? { kind: 'stored', last } : { kind: 'files', paths: files };
  await withProvider(
    options,
    async ({ provider, waiting, result, note, apart }) => {
      const report = await replay({
        provider,
        branch,
        source,
        ...(handler === undefined ? {} : { mapRecord: await loadMapping(handler) }),
        baseline,
        slowerThan,
        waiting: waiting(BASELINE_SECONDS),
      });
      const recorded = await recordReplay(provider, report);
      const deployRequest = recorded?.request.number ?? null;
      result({ ...report, deployRequest }, replayText(report));
      if (deployRequest !== null) note(`\nWritten to deploy request #${deployRequest}.`);
      if (!report.worse) return;
      apart();
      throw new HooklineError('replay_worse', summaryOf(report), {
        hint: 'Mend the branch or the handler; what the tables name would be so in production.',
      });
    },
    {
      signal: 'settle',
      stopped: async (_provider, settled) =>
        settled
          ? 'Stopped. Nothing of the replay stays on the branch.'
          : 'Stopped. Rows of the replay may be on the branch still; the next replay takes them away, from an hour on.',
    },
  );
}
