/**
 * Lets a command whose reader has gone (`hookline --help | head -1`) end quietly: what it still prints is lost, and it goes on to its end,
 * so that a migration is not cut in two. Any other error of standard output or error is thrown.
 */
export function tolerateBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
