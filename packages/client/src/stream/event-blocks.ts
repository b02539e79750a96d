import { createParser, type EventSourceParser } from 'eventsource-parser';

/** What stands between two empty lines of a stream of server-sent events. */
export interface EventBlock {
  readonly id: string | undefined;
  /** Undefined: a heart-beat, or another block that is no event. */
  readonly event: string | undefined;
  readonly data: string;
}

/** Reads the text of a stream of server-sent events, in slices as they come. Lines end with a line feed. */
export class EventBlocks {
  readonly #parser: EventSourceParser;
  #whole: EventBlock[] = [];
  #rest = '';

  constructor(onRetry: (ms: number) => void) {
    this.#parser = createParser({ onEvent: ({ id, event, data }) => this.#whole.push({ id, event, data }), onRetry });
  }

  /** The blocks that are whole now. */
  after(text: string): readonly EventBlock[] {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    this.#whole = [];
    // The parser keeps the id of a block without data to itself, and heart-beats are such. JSON may end with a line break.
    for (const block of blocks) this.#parser.feed(`${block}\ndata\n\n`);
    return this.#whole;
  }
}
