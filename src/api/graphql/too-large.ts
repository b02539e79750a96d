import type { ASTNode, GraphQLError } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';

/** The refusal of a document that would take much. */
export function tooLarge(detail: string, node?: ASTNode): GraphQLError {
  return createGraphQLError(detail, {
    ...(node && { nodes: node }),
    extensions: { code: 'query_too_large', hint: 'Ask for less at once.' },
  });
}
