import { HooklineError } from '../../errors.js';
import { nextSteps } from './next-steps.js';
import { play } from './play.js';
import { demoLogFile, type Stage, setStage } from './stage.js';
import { createTimeline, Interrupted, StepNotSeen } from './timeline.js';

const say = (line: string): void => console.log(line);

/**
 * Starts everybody and plays the demo, printing its timeline. When it is over, what to try next is printed if `goesOn`.
 * Throws `demo_failed`, naming the step that was not seen, or `Interrupted` when `stop` was aborted; everybody is closed then.
 */
export async function runDemo(options: {
  readonly dataDir: string;
  readonly goesOn: boolean;
  readonly stop: AbortSignal;
}): Promise<Stage> {
  const { dataDir, goesOn, stop } = options;
  say(
    'Hookline: an AI webhook comes in, customers’ webhooks go out. One process, embedded database, nothing to install.\n',
  );
  const timeline = createTimeline(say, stop);
  timeline.tell('Hookline', `starts on the embedded database in ${dataDir} (the first start takes about ten seconds)`);
  const stage = await setStage(dataDir, timeline);
  try {
    // A start is not cut short, since a data folder half made is worth nothing.
    if (stop.aborted) throw new Interrupted(stop.reason);
    timeline.tell('Hookline', `serves at ${stage.hookline.url}, and delivers`);
    const user = await play(stage, timeline);
    say(`\nAll ${timeline.seen} steps were seen to happen.`);
    if (goesOn) say(nextSteps({ url: stage.hookline.url, dataDir, userId: user.id }));
    return stage;
  } catch (error) {
    await stage.close();
    if (!(error instanceof StepNotSeen)) throw error;
    throw new HooklineError('demo_failed', error.message, { hint: `The log may tell why: ${demoLogFile(dataDir)}` });
  }
}
