import { type Command, Option } from 'commander';
import { branchOf, deployRequestNumber, withCommonOptions, withTimeout, withWait } from './command-options.js';
import type { FollowOptions } from './deploy-request.js';
import type { CommonOptions } from './run.js';

const TEN_MINUTES = 600;
const NUMBER = 'its number';

const actions = () => import('./deploy-request.js');

/** `hookline schema deploy-request create | list | show | diff | approve | deploy | apply | cancel | revert | skip-revert | close`. */
export function addDeployRequestCommands(schema: Command): void {
  const group = schema
    .command('deploy-request')
    .alias('dr')
    .description("Bring a branch's schema into production: made, reviewed, deployed, reverted.");
  addCreate(group);
  addLooking(group);
  addApprove(group);
  addDeploy(group);
  addSteps(group);
}

interface CreateCommandOptions extends CommonOptions {
  readonly branch?: string;
  readonly into?: string;
  readonly notes?: string;
  readonly requireReplay?: boolean;
  readonly autoDeleteBranch?: boolean;
  readonly timeout: number;
}

function addCreate(group: Command): void {
  withCommonOptions(
    withTimeout(
      group
        .command('create')
        .description('Ask for the deployment of a branch, and come back when it is known whether it can be deployed.')
        .argument('[branch]', 'the branch, or --branch')
        .option('--branch <name>', 'the branch')
        .option('--into <branch>', 'where it is to be deployed (default: the production branch)')
        .option('--notes <text>', 'what reviewers should know')
        .option('--require-replay', 'have it deployed only after a passed `hookline schema replay` of its schema')
        .option('--auto-delete-branch', 'delete the branch when it is deployed'),
      TEN_MINUTES,
    ),
    [
      'hookline schema deploy-request create --branch ai-content-v2',
      'hookline schema deploy-request create ai-content-v2 --require-replay --notes "Scores for the ranking"',
    ],
  ).action(async (argument: string | undefined, options: CreateCommandOptions, command: Command) => {
    const branch = branchOf(argument, options.branch, command);
    await (await actions()).createDeployRequest({ ...options, branch });
  });
}

function addLooking(group: Command): void {
  withCommonOptions(
    group
      .command('list')
      .description('Show the deploy requests, the newest first.')
      .addOption(new Option('--state <state>', 'only these').choices(['open', 'closed']))
      .option('--branch <name>', 'only those of a branch'),
    ['hookline schema deploy-request list', 'hookline schema deploy-request list --state open --json'],
  ).action(async (options: CommonOptions & { state?: 'open' | 'closed'; branch?: string }) =>
    (await actions()).listDeployRequests(options),
  );

  withCommonOptions(
    group
      .command('show')
      .description('Show a deploy request with its statements, its reviews, and what stands in its way.')
      .argument('<number>', NUMBER, deployRequestNumber),
    ['hookline schema deploy-request show 1', 'hookline schema deploy-request show 1 --json'],
  ).action(async (number: number, options: CommonOptions) => (await actions()).showDeployRequest(number, options));

  withCommonOptions(
    group
      .command('diff')
      .description('Show the statements that deploying it runs.')
      .argument('<number>', NUMBER, deployRequestNumber),
    ['hookline schema deploy-request diff 1'],
  ).action(async (number: number, options: CommonOptions) => (await actions()).diffDeployRequest(number, options));
}

function addApprove(group: Command): void {
  withCommonOptions(
    group
      .command('approve')
      .description('Approve it, as the owner of the service token or the login.')
      .argument('<number>', NUMBER, deployRequestNumber)
      .option('--comment <text>', 'what to say with it'),
    ['hookline schema deploy-request approve 1', 'hookline schema deploy-request approve 1 --comment "Looks good"'],
  ).action(async (number: number, options: CommonOptions & { comment?: string }) =>
    (await actions()).approveDeployRequest(number, options),
  );
}

function addDeploy(group: Command): void {
  withCommonOptions(
    withWait(
      group
        .command('deploy')
        .description('Deploy it, or go on with a deployment that was broken off.')
        .argument('<number>', NUMBER, deployRequestNumber)
        .option('--instant', 'by instant DDL alone; on PlanetScale such a deployment cannot be reverted')
        .option('--allow-data-loss', 'also when it takes away stored data'),
    ),
    [
      'hookline schema deploy-request deploy 1 --wait',
      'hookline schema deploy-request deploy 1 --wait --allow-data-loss',
    ],
  ).action(async (number: number, options: FollowOptions & { instant?: boolean; allowDataLoss?: boolean }) =>
    (await actions()).deploy(number, options),
  );
}

function addSteps(group: Command): void {
  for (const [name, description, run] of [
    ['apply', 'Let a deployment in pending_cutover switch over.', 'applyDeploy'],
    ['cancel', 'End a deployment that has not come to its end.', 'cancelDeploy'],
    ['revert', 'Take a deployment back, within its revert window.', 'revertDeploy'],
  ] as const) {
    withCommonOptions(
      withWait(group.command(name).description(description).argument('<number>', NUMBER, deployRequestNumber)),
      [`hookline schema deploy-request ${name} 1 --wait`],
    ).action(async (number: number, options: FollowOptions) => (await actions())[run](number, options));
  }

  for (const [name, description, run] of [
    ['skip-revert', 'End the revert window: the deployment is there to stay.', 'skipRevert'],
    ['close', 'Close it without deploying it.', 'closeDeployRequest'],
  ] as const) {
    withCommonOptions(group.command(name).description(description).argument('<number>', NUMBER, deployRequestNumber), [
      `hookline schema deploy-request ${name} 1`,
    ]).action(async (number: number, options: CommonOptions) => (await actions())[run](number, options));
  }
}
