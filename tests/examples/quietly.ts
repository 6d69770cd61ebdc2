/** Runs `use`, and returns what it logs instead of printing it. */
export async function quietly<T>(
  use: () => Promise<T>,
): Promise<{ value: T; logged: string[] }> {
  const logged: string[] = [];
  const { error } = console;
  console.error = (...args: unknown[]) => void logged.push(args.join(" "));
  try {
    return { value: await use(), logged };
  } finally {
    console.error = error;
  }
}
