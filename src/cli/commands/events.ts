import { type Command, Option } from 'commander';
import { addYesOption } from '../remote/confirm.js';
import { addGroup, withServerOptions } from '../remote/define.js';
import { addListOptions } from '../remote/list-options.js';
import { eventType, textOfAtMost } from '../remote/options.js';

const category = textOfAtMost(50);

/** `hookline events`: the catalogue of event types, which the service changes. */
export function addEventsCommand(program: Command): void {
  const events = addGroup(program, 'events', 'See and change the event types of a server.', [
    'hookline events list',
    'hookline events create video.generated --category video --schema @video-generated.json',
  ]);

  withServerOptions(
    addListOptions(
      events
        .command('list')
        .description('List event types.')
        .option('--category <name>', 'of this category alone', category)
        .option('--enabled', 'enabled ones alone')
        .addOption(new Option('--disabled', 'disabled ones alone').conflicts('enabled')),
    ),
    ['hookline events list --category video'],
  ).action(async (options) => (await import('../remote/events/read.js')).listEventTypes(options));

  withServerOptions(
    events
      .command('show')
      .description('Show an event type, and the JSON Schema of its payloads.')
      .argument('<event-type>', 'such as video.generated', eventType),
    ['hookline events show video.generated'],
  ).action(async (type, options) => (await import('../remote/events/read.js')).showEventType(type, options));

  withServerOptions(
    events
      .command('create')
      .description('Create an event type, with the service key.')
      .argument('<event-type>', 'such as video.generated', eventType)
      .requiredOption('--category <name>', 'video, credit, subscription, or your own', category)
      .option('--description <text>', 'what it tells')
      .option('--schema <json>', 'what payloads have to fulfil: a JSON Schema, or @file')
      .option('--disabled', 'it is not triggered until it is enabled'),
    ['hookline events create order.paid --category order --schema @order-paid.json'],
  ).action(async (type, options) => (await import('../remote/events/write.js')).createEventType(type, options));

  withServerOptions(
    events
      .command('edit')
      .description('Change what is given of an event type, with the service key. A new schema tells what it breaks.')
      .argument('<event-type>', 'such as video.generated', eventType)
      .option('--category <name>', 'video, credit, subscription, or your own', category)
      .option('--description <text>', 'what it tells, or none')
      .option('--schema <json>', 'what payloads have to fulfil: a JSON Schema, @file, or none')
      .option('--enable', 'it may be triggered')
      .addOption(new Option('--disable', 'it is not triggered any more').conflicts('enable'))
      .option('--dry-run', 'change nothing: only tell what a new schema would break'),
    [
      'hookline events edit order.paid --schema @order-paid.json --dry-run',
      'hookline events edit order.paid --disable',
    ],
  ).action(async (type, options, command) =>
    (await import('../remote/events/write.js')).editEventType(type, options, command),
  );

  withServerOptions(
    events
      .command('check')
      .description('Check a payload against the schema of an event type, as when it is triggered.')
      .argument('<event-type>', 'such as video.generated', eventType)
      .requiredOption('--data <json>', 'the payload: an object, or @file'),
    ['hookline events check order.paid --data @order.json'],
  ).action(async (type, options) => (await import('../remote/events/check.js')).checkPayload(type, options));

  withServerOptions(
    addYesOption(
      events
        .command('delete')
        .description(
          'Delete an event type that nobody subscribes to and no delivery was made of, with the service key.',
        )
        .argument('<event-type>', 'such as video.generated', eventType),
    ),
    ['hookline events delete order.paid'],
  ).action(async (type, options, command) =>
    (await import('../remote/events/write.js')).deleteEventType(type, options, command),
  );
}
