/** What a parent sends (child.ts) and a child answers. */
export interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** In a child process: answers the parent's calls by name, and ends when the parent does. */
export function serve(calls: Readonly<Record<string, (argument: never) => unknown>>): void {
  process.on('message', async ({ id, name, argument }: Call) => {
    const answer = await answerTo(calls[name], argument);
    process.send?.({ id, ...answer } satisfies Answer);
  });
  process.on('disconnect', () => process.exit());
}

async function answerTo(
  call: ((argument: never) => unknown) | undefined,
  argument: unknown,
): Promise<Omit<Answer, 'id'>> {
  try {
    if (call === undefined) throw new Error('no such call');
    return { value: await call(argument as never) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
