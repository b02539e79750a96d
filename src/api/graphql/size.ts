import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  type ValidationRule,
  visit,
} from 'graphql';
import { DEEPEST_VALUE } from './scalars.js';
import { tooLarge } from './too-large.js';

const DEEPEST = 8;
/** A page of 100 webhooks with 20 deliveries of each costs 2,200. */
const MOST_COST = 5_000;
/** Each is a transaction of its own. A page of 100 webhooks with deliveries and statistics of each makes 201. */
const MOST_CALLS = 250;
/** What one of these takes: a count goes over all deliveries of a webhook, and a delivery's payload and bodies measure up to 300 KB. Others take 1. */
const TAKES: Readonly<Record<string, number>> = { replay_count: 50, delivery: 10, attempts: 2 };
/** What compares fields with one another takes time by their square: 550 ms for 1,980, 35 ms for 500. */
const MOST_SELECTIONS = 500;
const LONGEST_PAGE = 100;
const DEFAULT_PAGE = 20;

const PAGES = new Set(['webhooks', 'event_types', 'deliveries', 'subscriptions', 'replays', 'attempts']);
/** Fields below others that have a resolver; by name alone, which plain fields do not share with them. */
const CALLS_BELOW = new Set(['subscriptions', 'deliveries', 'replays', 'statistics', 'attempts']);

interface Size {
  readonly depth: number;
  readonly cost: number;
  readonly calls: number;
}

const NOTHING: Size = { depth: 0, cost: 0, calls: 0 };

/** Throws `query_too_large` for a document of more selections, or with a deeper value, than anybody writes. It is asked before any rule looks at the document. */
export function checkDocument(document: DocumentNode): void {
  let [count, depth, deepest] = [0, 0, 0];
  const selection = () => {
    count += 1;
  };
  const value = {
    enter() {
      depth += 1;
      deepest = Math.max(deepest, depth);
    },
    leave() {
      depth -= 1;
    },
  };
  visit(document, {
    Field: selection,
    FragmentSpread: selection,
    InlineFragment: selection,
    ListValue: value,
    ObjectValue: value,
  });
  if (count > MOST_SELECTIONS) throw tooLarge(`It has ${count} selections; ${MOST_SELECTIONS} are taken.`);
  if (deepest > DEEPEST_VALUE) throw tooLarge(`It has a value of ${deepest} levels; ${DEEPEST_VALUE} are taken.`);
}

/** Refuses operations that would take much: more levels, fields or transactions than anybody needs. A field in a page counts for each of its rows. */
export const limitSize: ValidationRule = (context) => {
  const sizeOf = sizes(context.getSchema(), (name) => context.getFragment(name) ?? undefined);
  return {
    OperationDefinition(node) {
      const { depth, cost, calls } = sizeOf(node.selectionSet, true);
      if (depth > DEEPEST) context.reportError(tooLarge(`It has ${depth} levels; ${DEEPEST} are taken.`));
      if (cost > MOST_COST) context.reportError(tooLarge(`It asks for up to ${cost} fields; ${MOST_COST} are taken.`));
      if (calls > MOST_CALLS) {
        context.reportError(tooLarge(`It reads or changes up to ${calls} things one by one; ${MOST_CALLS} are taken.`));
      }
    },
  };
};

/** An alias makes another copy of what may be the whole schema. Without any, an answer is as large as the schema, once. */
export const limitIntrospection: ValidationRule = (context) => ({
  Field(node) {
    const isOfIntrospection =
      context.getParentType()?.name.startsWith('__') || /^__(schema|type)$/.test(node.name.value);
    if (node.alias !== undefined && isOfIntrospection) {
      context.reportError(tooLarge('Introspection takes no aliases.', node));
    }
  },
});

function sizes(
  schema: GraphQLSchema,
  fragmentOf: (name: string) => FragmentDefinitionNode | undefined,
): (selectionSet: SelectionSetNode, isRoot: boolean) => Size {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map(
    (type) => type?.name,
  );
  const known = new Map<string, Size>();
  const open = new Set<string>();

  function ofFragment({ name, selectionSet, typeCondition }: FragmentDefinitionNode): Size {
    const size = known.get(name.value);
    // A circle is refused by a rule of graphql-js.
    if (size !== undefined || open.has(name.value)) return size ?? NOTHING;
    open.add(name.value);
    const found = ofSelections(selectionSet, roots.includes(typeCondition.name.value));
    open.delete(name.value);
    known.set(name.value, found);
    return found;
  }

  function ofSelections({ selections }: SelectionSetNode, isRoot: boolean): Size {
    let sum = NOTHING;
    for (const selection of selections) {
      let size = NOTHING;
      if (selection.kind === Kind.FIELD) size = ofField(selection, isRoot);
      else if (selection.kind === Kind.INLINE_FRAGMENT) size = ofSelections(selection.selectionSet, isRoot);
      else {
        const fragment = fragmentOf(selection.name.value);
        if (fragment) size = ofFragment(fragment);
      }
      sum = {
        depth: Math.max(sum.depth, size.depth),
        cost: sum.cost + size.cost,
        calls: sum.calls + size.calls,
      };
    }
    return sum;
  }

  function ofField(field: FieldNode, isRoot: boolean): Size {
    const name = field.name.value;
    const call = !name.startsWith('__') && (isRoot || CALLS_BELOW.has(name)) ? (TAKES[name] ?? 1) : 0;
    // Below __schema and __type it is limitIntrospection that bounds.
    if (name.startsWith('__') || field.selectionSet === undefined) {
      return { depth: 1, cost: 1, calls: call };
    }
    const below = ofSelections(field.selectionSet, false);
    const rows = rowsOf(field);
    return { depth: below.depth + 1, cost: 1 + rows * below.cost, calls: call + rows * below.calls };
  }

  return ofSelections;
}

/** How many rows a field may give: those of its page. What a variable says is known later: the most. */
function rowsOf({ name, arguments: args = [] }: FieldNode): number {
  const first = args.find((arg) => arg.name.value === 'first')?.value;
  if (first?.kind === Kind.INT) return Math.min(Math.max(Number(first.value), 1), LONGEST_PAGE);
  if (first !== undefined) return LONGEST_PAGE;
  return PAGES.has(name.value) ? DEFAULT_PAGE : 1;
}
