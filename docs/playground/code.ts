/** The options of a look-up that the page lets one play with. */
export interface Choice {
  includeSessions: boolean;
  /** Milliseconds; undefined is the module's default. */
  timeoutMs: number | undefined;
  /** Milliseconds; undefined is the module's default. */
  attemptTimeoutMs: number | undefined;
  /** How many attempts there are at the most. */
  maxAttempts: number;
}

/** How many attempts the module makes when it is told nothing. */
const defaultAttempts = 3;

/** The options as `getRoom` takes them; what is a default is left out. */
export function getRoomOptions(choice: Choice) {
  const { includeSessions, timeoutMs, attemptTimeoutMs, maxAttempts } = choice;
  return {
    ...includeSessions ? { includeSessions } : {},
    ...timeoutMs === undefined ? {} : { timeoutMs },
    ...attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs },
    ...maxAttempts === 1
      ? { retry: false as const }
      : maxAttempts === defaultAttempts
      ? {}
      : { retry: { maxAttempts } },
  };
}

/** Options as source text. */
function literal(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `{ ${
      Object.entries(value)
        .map(([name, inner]) => `${name}: ${literal(inner)}`)
        .join(", ")
    } }`
    : String(value);
}

/** The code that makes this call. */
export function codeLine(id: string, choice: Choice): string {
  const options = Object.entries(getRoomOptions(choice));
  const call = `const room = await getRoom(fetch, token, ${JSON.stringify(id)}`;
  return options.length === 0 ? `${call});` : [
    `${call}, {`,
    ...options.map(([name, value]) => `  ${name}: ${literal(value)},`),
    "});",
  ].join("\n");
}
