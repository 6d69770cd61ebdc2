/**
 * What the command says of itself, as data: the help, the reading of options,
 * the completions and `docs/cli.md` all come from here.
 */
import { apiCommands, type Use } from "./api_commands.ts";
import { defaultConcurrency as concurrency } from "../get_rooms.ts";
import { callingOptions, type Option } from "./option.ts";

/** A command of the command line. */
export interface Command {
  /** Its arguments, as a synopsis has them. */
  args: string;
  about: string;
  /** Paragraphs on what it does. */
  more?: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** Command lines, each with what it does. */
  examples?: readonly (readonly [line: string, does: string])[];
  /** The operations that it is for; the first that fits is carried out. */
  uses?: readonly Use[];
}

export const name = "telnyx-rooms";
export const about = "Telnyx video rooms on the command line (unofficial)";

const room = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

const { list, ...otherCommands } = apiCommands;

export const commands = {
  list,
  get: {
    args: "<room>...",
    about: "show rooms",
    more: [
      "The token comes from TELNYX_API_KEY or a file, never from an argument, " +
      "where other users of the machine could read it.",
      `Several rooms are looked up ${concurrency} at a time and shown in the ` +
      "order of their ids, each once. One that fails has a line on stderr and " +
      "stops no other, unless the token is refused; the exit code is that of " +
      "the first id that failed. A rate limit that one look-up meets holds " +
      'the others back. With --json they are an array, with {"id", "error": ' +
      '{"code", "message"}} for what failed.',
    ],
    options: {
      sessions: { about: "with the rooms' sessions and the people in them" },
      ...callingOptions,
    },
    examples: [
      [`${name} get ${room} --sessions`, "a room, and who is in it"],
      [
        `${name} get --json $(cat ids.txt) | jq '.[].unique_name'`,
        "many names",
      ],
    ],
  },
  watch: {
    args: "<room>...",
    about: "tell what happens in rooms",
    more: [
      "It prints a line when a session starts or ends, and when someone joins " +
      "or leaves, until Ctrl+C: the time, what happened, and who; of several " +
      "rooms, the room first. With --json, a line is the event in JSON, in the " +
      "shape that webhooks have. A session that is going on is told from its " +
      "start, and nobody is missed between two looks.",
      "Failures that may pass are told on stderr, and watching goes on, later " +
      "if the provider asks for a longer wait; any other ends it with its exit " +
      "code.",
    ],
    options: {
      every: {
        value: "SECONDS",
        default: "5",
        about: "look so often; 1 or more",
      },
      ...callingOptions,
    },
    examples: [
      [`${name} watch ${room} >> events.log`, "a log of who comes and goes"],
      [`${name} watch ${room} --json | jq .payload`, "as data"],
    ],
  },
  ...otherCommands,
  serve: {
    args: "",
    about: "serve a fake provider",
    more: [
      "It carries every command out, on rooms in memory, and prints each " +
      "request, until Ctrl+C.",
      "A fault is a status, such as 503; a delay in seconds, such as 2s; " +
      "disconnect or in-body, which break the connection before the response " +
      "or in its body; or stall, a body that does not end.",
      "With --webhooks, every webhook goes to that URL and to no other, " +
      "whatever the rooms say, signed by the key that is printed.",
    ],
    options: {
      port: {
        value: "N",
        default: "7070",
        about: "the port; 0 for any that is free",
      },
      host: {
        value: "ADDRESS",
        default: "127.0.0.1",
        about: "the address to listen on",
      },
      rooms: {
        value: "FILE.json",
        file: true,
        default: "an example",
        about: 'the rooms: one, an array, or a saved {"data": [...]}',
      },
      token: {
        value: "TOKEN",
        default: "any",
        about: "the only token that it takes",
      },
      "rate-limit": {
        value: "N/SECONDS",
        about: "answer so many requests in so long, and the others with 429",
      },
      webhooks: { value: "URL", about: "post what happens there" },
      fault: { value: "FAULT", about: "what goes wrong with requests" },
      "fault-every": {
        value: "N",
        default: "1",
        about: "with every Nth request alone",
      },
    },
    examples: [
      [`${name} serve --rooms rooms.json`, "your own rooms"],
      [
        `${name} serve --webhooks http://127.0.0.1:3000/`,
        "webhooks for a receiver of yours",
      ],
      [`${name} serve --fault 503 --fault-every 3`, "a provider in trouble"],
    ],
  },
  completions: {
    args: "bash|zsh|fish",
    about: "print what completes the command line on Tab",
    options: {},
    examples: [
      [
        `echo 'source <(${name} completions bash)' >> ~/.bashrc`,
        "install them for bash",
      ],
      [
        `echo 'source <(${name} completions zsh)' >> ~/.zshrc`,
        "for zsh, below its compinit",
      ],
      [
        `${name} completions fish > ~/.config/fish/completions/${name}.fish`,
        "for fish",
      ],
    ],
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;

/** The options that go without a command; the first goes with each as well. */
export const general: { help: Option; version: Option } = {
  help: { short: "h", about: "tell how to use it" },
  version: { short: "v", about: "tell its version" },
};

export const environment: Record<string, string> = {
  TELNYX_API_KEY: "the token, unless --token-file names a file with it",
  NO_COLOR: "if not empty, nothing is coloured",
};

/** What the command's exit code tells a script. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  token: 4,
  network: 5,
  timeout: 6,
  rateLimited: 7,
  interrupted: 130,
} as const;

export const exitMeanings: Record<keyof typeof exitCodes, string> = {
  done: "done",
  failed: "any other failure",
  usage: "wrong usage, or not a UUID",
  notFound: "not found",
  token: "token missing or refused",
  network: "no connection",
  timeout: "timed out",
  rateLimited: "rate limited",
  interrupted: "interrupted",
};
