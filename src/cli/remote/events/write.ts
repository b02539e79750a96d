import { type components, ok } from '@hookline/client';
import type { Command } from 'commander';
import { HooklineError } from '../../../errors.js';
import { type ConfirmOptions, confirm } from '../confirm.js';
import type { ConnectionOptions } from '../connection.js';
import { readJson } from '../json-input.js';
import { note, printDone, printJson, printRows } from '../output.js';
import { withServer } from '../run.js';

type SchemaChange = NonNullable<components['schemas']['ChangedEventType']['schema_change']>;
type PayloadSchema = components['schemas']['EventType']['payload_schema'];

interface EventTypeOptions extends ConnectionOptions {
  readonly category?: string;
  readonly description?: string;
  readonly schema?: string;
}

/** `events create`. */
export async function createEventType(
  type: string,
  options: EventTypeOptions & { readonly category: string; readonly disabled?: boolean },
): Promise<void> {
  await withServer(options, async ({ client }) => {
    const { category, description, schema, disabled } = options;
    const body = {
      event_type: type,
      category,
      ...(description !== undefined && { description }),
      ...(schema !== undefined && { payload_schema: await readSchema(schema) }),
      ...(disabled === true && { is_enabled: false }),
    };
    const made = ok(await client.POST('/v1/event-types', { body }));
    printDone(`Created: ${made.event_type}${made.is_enabled ? '' : ', disabled'}.`, made, options);
  });
}

interface EditOptions extends EventTypeOptions {
  readonly enable?: boolean;
  readonly disable?: boolean;
  readonly dryRun?: boolean;
}

/** `events edit`: ends as wrong usage when there is nothing to change. */
export async function editEventType(type: string, options: EditOptions, command: Command): Promise<void> {
  const { category, description, schema, enable, disable, dryRun = false, json = false } = options;
  if (dryRun && schema === undefined) command.error('error: --dry-run is about a schema: give --schema');
  await withServer(options, async ({ client }) => {
    const body = {
      ...(category !== undefined && { category }),
      ...(description !== undefined && { description: description === 'none' ? null : description }),
      ...(schema !== undefined && { payload_schema: schema === 'none' ? null : await readSchema(schema) }),
      ...((enable === true || disable === true) && { is_enabled: enable === true }),
    };
    if (Object.keys(body).length === 0)
      command.error('error: nothing is to be changed: give an option such as --schema');
    const params = { path: { event_type: type }, ...(dryRun && { query: { dry_run: true } }) };
    const changed = ok(await client.PATCH('/v1/event-types/{event_type}', { params, body }));
    if (json) {
      printJson(changed);
      return;
    }
    if (changed.schema_change !== null) tellChange(changed.schema_change, dryRun);
    printDone(dryRun ? 'Nothing was changed.' : `Changed: ${Object.keys(body).join(', ')}.`, changed);
  });
}

/** `events delete`. */
export async function deleteEventType(
  type: string,
  options: ConnectionOptions & ConfirmOptions,
  command: Command,
): Promise<void> {
  await withServer(options, async ({ client }) => {
    await confirm(`Delete the event type ${type}`, options, command);
    ok(await client.DELETE('/v1/event-types/{event_type}', { params: { path: { event_type: type } } }));
    printDone(`Deleted: ${type}.`, { event_type: type, deleted: true }, options);
  });
}

/** What the latest events say of a new schema. */
function tellChange({ checked, broken, examples }: SchemaChange, isDry: boolean): void {
  const would = isDry ? 'would no longer' : 'no longer';
  note(`Of the ${checked} latest events ${broken} passed and ${would} pass.`);
  printRows(
    [
      { name: 'event', of: ({ event_id: id }) => id },
      { name: 'where', of: ({ pointer }) => pointer, cutTo: 12 },
      { name: 'what', of: ({ detail }) => detail, cutTo: 20 },
    ],
    examples.flatMap(({ event_id, errors }) => errors.map((error) => ({ event_id, ...error }))),
  );
}

/** A JSON Schema is an object or a boolean. */
async function readSchema(given: string): Promise<NonNullable<PayloadSchema>> {
  const { value } = await readJson(given, '--schema');
  if (typeof value === 'boolean') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as NonNullable<PayloadSchema>;
  throw new HooklineError('invalid_payload_schema', 'What --schema is given is JSON, but no JSON Schema.', {
    hint: 'Give an object such as {"type": "object", "required": ["video_id"]}, or true or false.',
  });
}
