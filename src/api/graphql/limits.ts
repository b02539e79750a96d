import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import { createGraphQLError, type Plugin } from 'graphql-yoga';

const MOST_TOKENS = 4_000;
const DEEPEST = 8;
/** A page of 100 webhooks with 20 deliveries of each costs 2,200. */
const MOST_COST = 5_000;
const LONGEST_PAGE = 100;
const DEFAULT_PAGE = 20;

interface Size {
  readonly depth: number;
  readonly cost: number;
}

/** Refuses documents that would take much: more tokens, levels or fields than anybody needs. A field in a page counts for each of its rows. */
export function limitDocuments(): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MOST_TOKENS }));
    },
    onValidate({ addValidationRule }) {
      addValidationRule(limitSize);
      return ({ result }) => {
        for (const error of result) error.extensions['code'] ??= 'invalid_request';
      };
    },
  };
}

const limitSize: ValidationRule = (context) => {
  const fragments = new Map<string, Size>();
  const open = new Set<string>();

  function ofFragment({ name, selectionSet }: FragmentDefinitionNode): Size {
    const known = fragments.get(name.value);
    // A circle is refused by a rule of its own.
    if (known !== undefined || open.has(name.value)) return known ?? { depth: 0, cost: 0 };
    open.add(name.value);
    const size = ofSelections(selectionSet);
    open.delete(name.value);
    fragments.set(name.value, size);
    return size;
  }

  function ofSelections({ selections }: SelectionSetNode): Size {
    let [depth, cost] = [0, 0];
    for (const selection of selections) {
      let size: Size = { depth: 0, cost: 0 };
      if (selection.kind === Kind.FIELD) size = ofField(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) size = ofSelections(selection.selectionSet);
      else {
        const fragment = context.getFragment(selection.name.value);
        if (fragment) size = ofFragment(fragment);
      }
      depth = Math.max(depth, size.depth);
      cost += size.cost;
    }
    return { depth, cost };
  }

  function ofField(field: FieldNode): Size {
    // Of the schema's own making, and bounded by graphql-js.
    if (field.name.value.startsWith('__')) return { depth: 1, cost: 1 };
    if (field.selectionSet === undefined) return { depth: 1, cost: 1 };
    const below = ofSelections(field.selectionSet);
    return { depth: below.depth + 1, cost: 1 + rowsOf(field) * below.cost };
  }

  return {
    OperationDefinition(node) {
      const { depth, cost } = ofSelections(node.selectionSet);
      if (depth > DEEPEST) context.reportError(tooMuch(`It has ${depth} levels; ${DEEPEST} are taken.`));
      if (cost > MOST_COST) context.reportError(tooMuch(`It asks for up to ${cost} fields; ${MOST_COST} are taken.`));
    },
  };
};

/** How many rows a field may give: those of its page. What a variable says is known later: the most. */
function rowsOf({ name, arguments: args = [] }: FieldNode): number {
  const first = args.find((arg) => arg.name.value === 'first')?.value;
  if (first?.kind === Kind.INT) return Math.min(Math.max(Number(first.value), 1), LONGEST_PAGE);
  if (first !== undefined) return LONGEST_PAGE;
  return PAGES.has(name.value) ? DEFAULT_PAGE : 1;
}

const PAGES = new Set(['webhooks', 'event_types', 'deliveries', 'subscriptions', 'replays', 'attempts']);

function tooMuch(detail: string): GraphQLError {
  return createGraphQLError(detail, { extensions: { code: 'query_too_large', hint: 'Ask for less at once.' } });
}
