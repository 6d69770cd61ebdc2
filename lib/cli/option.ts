/** An option, by its name without dashes. */
export interface Option {
  /** What stands for its value; without one, it is on or off. */
  value?: string;
  /** Whether the value is the path of a file. */
  file?: true;
  /** Its one letter. */
  short?: string;
  /** What holds without it. */
  default?: string;
  about: string;
  /** The option or the field of an operation that it sets: `createdAt.gte`. */
  sets?: string;
  /** What its text becomes; text stays text without it. */
  read?: (text: string) => unknown;
}

/** What a value or an argument can be, if that is a few words: `on|off`. */
export function wordsOf(value = ""): string[] {
  return /^\w+(\|\w+)+$/.test(value) ? value.split("|") : [];
}

/** The options of every command that asks the API. */
export const callingOptions = {
  json: { about: "JSON, with every field that came" },
  "token-file": {
    value: "FILE",
    file: true,
    about: "read the token from FILE, not from TELNYX_API_KEY",
  },
  "base-url": {
    value: "URL",
    default: "https://api.telnyx.com/v2",
    about: "ask another server",
  },
  timeout: {
    value: "SECONDS",
    default: "30",
    about: "give a request up after this long, retries included",
  },
} as const satisfies Record<string, Option>;
