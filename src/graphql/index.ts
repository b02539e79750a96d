export type { Field, Fields, Mapping, Mutations, Subscriptions } from './mapping.js';
export { type HooklinePluginOptions, useHookline } from './plugin.js';
