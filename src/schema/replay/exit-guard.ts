/** What `work` gives. A mapping that ends the process meanwhile, by process.exit(0), does not end it as one whose replay has passed. */
export async function guardExit<T>(work: () => Promise<T>): Promise<T> {
  const onExit = (code: number): void => {
    if (code === 0) process.exitCode = 1;
  };
  process.on('exit', onExit);
  try {
    return await work();
  } finally {
    process.off('exit', onExit);
  }
}
