/** Keeps what the examples log out of the test's output; tells what it was. */
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
