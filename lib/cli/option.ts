/** An option, by its name without dashes. */
export interface Option {
  /** The placeholder of its value; absent if it is on or off. */
  value?: string;
  /** Whether the value is the path of a file. */
  file?: true;
  /** Whether it can be given more than once. */
  many?: true;
  /** Its one-letter form. */
  short?: string;
  /** The value without it. */
  default?: string;
  about: string;
  /** The option or field of an operation that it sets: `createdAt.gte`. */
  sets?: string;
  /** Converts the text of its value. */
  parse?: (text: string) => unknown;
}

/** The words in the placeholder of a value or an argument: `on|off`. */
export function wordsOf(value = ""): string[] {
  return /^\w+(\|\w+)+$/.test(value) ? value.split("|") : [];
}

/** The options of every command that calls the API. */
export const callingOptions = {
  json: { about: "print JSON, with every field of the response" },
  "token-file": {
    value: "FILE",
    file: true,
    about: "a file with the API key, instead of TELNYX_API_KEY",
  },
  "base-url": {
    value: "URL",
    default: "https://api.telnyx.com/v2",
    about: "the address of the API",
  },
  timeout: {
    value: "SECONDS",
    default: "30",
    about: "the time limit of a request with its retries",
  },
} as const satisfies Record<string, Option>;
