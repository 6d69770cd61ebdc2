/** The calls that the page can make. */
export type CallName = "getRoom" | "createRoom" | "createJoinToken";

/** A call and its options, as chosen on the page. */
export interface Choice {
  call: CallName;
  /** The room's id. */
  id: string;
  /** The name of a room to create. */
  name: string;
  includeSessions: boolean;
  /** Milliseconds; undefined for the module's default. */
  timeoutMs: number | undefined;
  /** Milliseconds; undefined for the module's default. */
  attemptTimeoutMs: number | undefined;
  /** The maximum number of attempts. */
  maxAttempts: number;
}

/** The module's default for `maxAttempts`. */
const defaultAttempts = 3;

/** The arguments of the call, after `fetch` and the token. */
export function callArguments(
  choice: Choice,
): [argument: string | object, options?: object] {
  const { call, includeSessions, timeoutMs, attemptTimeoutMs, maxAttempts } =
    choice;
  const options = {
    ...includeSessions && call === "getRoom" ? { includeSessions } : {},
    ...timeoutMs === undefined ? {} : { timeoutMs },
    ...attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs },
    ...maxAttempts === 1
      ? { retry: false }
      : maxAttempts === defaultAttempts
      ? {}
      : { retry: { maxAttempts } },
  };
  const argument = call === "createRoom"
    ? { unique_name: choice.name }
    : choice.id;
  return Object.keys(options).length > 0 ? [argument, options] : [argument];
}

/** A value as source text. */
function literal(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `{ ${
      Object.entries(value)
        .map(([name, inner]) => `${name}: ${literal(inner)}`)
        .join(", ")
    } }`
    : JSON.stringify(value);
}

/** The code that makes this call. */
export function codeLine(choice: Choice): string {
  const [argument, options] = callArguments(choice);
  const result = choice.call === "createJoinToken" ? "tokens" : "room";
  const call = `const ${result} = await ${choice.call}(fetch, token, ` +
    literal(argument);
  return options === undefined ? `${call});` : [
    `${call}, {`,
    ...Object.entries(options)
      .map(([name, value]) => `  ${name}: ${literal(value)},`),
    "});",
  ].join("\n");
}
