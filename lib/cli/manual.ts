/**
 * The manual of the command, as data: the help, the parsing of options, the
 * completions and `docs/cli.md` all come from here.
 */
import { defaultConcurrency as concurrency } from "../client/get_rooms.ts";
import { apiCommands } from "./api_commands.ts";
import type { Command } from "./command.ts";
import { eventNames } from "../testing/example_events.ts";
import { roomId, sessionId } from "./example_rooms.ts";
import { callingOptions, type Option } from "./option.ts";

export const name = "telnyx-rooms";
/** The package's version; a test holds it equal to the one in `deno.json`. */
export const version = "0.1.0";
export const about = "Telnyx video rooms on the command line (unofficial)";

const { list, ...otherCommands } = apiCommands;

const { json: _, ...withoutJson } = callingOptions;

export const commands = {
  list,
  get: {
    args: "<room>...",
    about: "show rooms",
    more: [
      `Several rooms are looked up ${concurrency} at a time and shown in the ` +
      "order of their ids, each once. A lookup that fails prints a line on " +
      "stderr and does not stop the others, unless the API key is refused; the " +
      "exit code is that of the first id that failed. A rate limit pauses all " +
      'of them. With --json, the output is an array, with {"id", "error": ' +
      '{"code", "message"}} in place of a room that failed.',
    ],
    options: {
      sessions: { about: "include the rooms' sessions and participants" },
      ...callingOptions,
    },
    examples: [
      [`${name} get ${roomId} --sessions`, "show a room and its participants"],
      [
        `${name} get --json $(cat ids.txt) | jq '.[].unique_name'`,
        "print the names of many rooms",
      ],
    ],
  },
  watch: {
    args: "<room>...",
    about: "print events in rooms as they happen",
    more: [
      "It prints when a session starts or ends and when someone joins or " +
      "leaves, until Ctrl+C: the time, the event, and who; with several rooms, " +
      "the room first. With --json, each line is an event in the shape of a " +
      "webhook's. The events of an active session are printed from its start, " +
      "and none is missed between two polls.",
      "A temporary failure is printed on stderr, and watching continues; any " +
      "other failure ends it with an exit code.",
    ],
    options: {
      every: {
        value: "SECONDS",
        default: "5",
        about: "how often to poll, 1 or more",
      },
      ...callingOptions,
    },
    examples: [
      [`${name} watch ${roomId} >> events.log`, "log who joins and leaves"],
      [
        `${name} watch ${roomId} --json | jq .payload`,
        "print the payload of each event",
      ],
    ],
  },
  ...otherCommands,
  download: {
    args: "[<recording>...]",
    about: "save recordings or a composition as files",
    more: [
      "A file is named after its id, or by --output. Until it is complete, it " +
      "is called FILE.part; when the command runs again, it goes on where that " +
      "ends. A file that exists is not replaced.",
    ],
    options: {
      session: { value: "ID", about: "every recording of this session" },
      composition: { value: "ID", about: "this composition" },
      dir: { value: "DIR", default: ".", about: "the folder for the files" },
      output: {
        value: "FILE",
        short: "o",
        file: true,
        about: "the name of a single file",
      },
      ...callingOptions,
    },
    examples: [
      [
        `${name} download --session ${sessionId}`,
        "save every recording of a session",
      ],
    ],
  },
  compose: {
    args: "<session>",
    about: "order a session as one file: everyone, with sound",
    more: [
      "Telnyx makes the file from the recordings of the session, so they have " +
      "to be completed. --output waits, and saves it.",
    ],
    options: {
      wait: { about: "wait until the file can be downloaded" },
      output: {
        value: "FILE",
        short: "o",
        file: true,
        about: "wait, and save it as this file",
      },
      ...callingOptions,
    },
    examples: [
      [
        `${name} compose ${sessionId} -o meeting.mp4`,
        "save a meeting as one MP4",
      ],
    ],
  },
  usage: {
    args: "",
    about: "show what was used, by day and by room",
    more: [
      "It counts sessions, the most people at once, participant-minutes, and the " +
      "minutes and gigabytes of recordings, which are of one participant each. " +
      "Days are in UTC. What is still going on counts up to now.",
      "With --csv, a row is a room on a day; with --json, the whole, its days and " +
      "its rooms are one object.",
    ],
    options: {
      from: {
        value: "YYYY-MM-DD",
        default: "30 days up to --to",
        about: "the first day",
      },
      to: { value: "YYYY-MM-DD", default: "today", about: "the last day" },
      csv: { about: "print CSV for a spreadsheet" },
      ...callingOptions,
    },
    examples: [
      [
        `${name} usage --from 2026-11-01 --to 2026-11-30 --csv > november.csv`,
        "save the usage of a month for a spreadsheet",
      ],
    ],
  },
  serve: {
    args: "",
    about: "serve a fake provider",
    more: [
      "It supports every command, on rooms in memory, and prints each request, " +
      "until Ctrl+C. At /_fake/ is a page that shows the rooms, who is in them, " +
      "and every request and webhook as they happen, and that lets people join " +
      "and leave; the same is plain JSON for scripts.",
      "A fault is a status, such as 503; a delay in seconds, such as 2s; " +
      "disconnect, which breaks the connection before the response; in-body, " +
      "which breaks it within the body; or stall, a body that never ends.",
      "With --webhooks, every webhook goes to that URL only, whatever the rooms " +
      "say; the public key that verifies them is printed.",
      "It is for programs of this machine, and for web pages that this machine " +
      "serves: those of localhost, 127.0.0.1 or [::1], on any port, may send any " +
      "request and read any response. A request from another page (by its Origin, " +
      "or by its Sec-Fetch-Site where it has none, as for images and forms) or to " +
      "another name (by its Host) gets a 403, and a body over 1 MiB a 413. " +
      "With a --host that others can reach, their programs can use it as well: " +
      "the API keys that they send are not checked unless --token is given.",
    ],
    options: {
      port: {
        value: "N",
        default: "7070",
        about: "the port; 0 picks a free one",
      },
      host: {
        value: "ADDRESS",
        default: "127.0.0.1",
        about: "the address to listen on",
      },
      rooms: {
        value: "FILE.json",
        file: true,
        default: "six that differ",
        about: 'rooms to serve: one, an array, or a saved {"data": [...]}',
      },
      token: {
        value: "TOKEN",
        default: "any",
        about: "the only API key to accept",
      },
      "rate-limit": {
        value: "N/SECONDS",
        about: "respond with 429 to more than N requests in SECONDS",
      },
      webhooks: { value: "URL", about: "where to send webhooks" },
      simulate: { about: "people come and go, and recordings are completed" },
      seed: {
        value: "N",
        default: "1",
        about: "of the simulation: the same one repeats it",
      },
      control: { about: "serve /_fake/ though others can reach the --host" },
      fault: { value: "FAULT", about: "a fault to inject" },
      "fault-every": {
        value: "N",
        default: "1",
        about: "inject it into every Nth request",
      },
    },
    examples: [
      [`${name} serve --rooms rooms.json`, "serve your own rooms"],
      [
        `${name} serve --webhooks http://127.0.0.1:3000/`,
        "send webhooks to your receiver",
      ],
      [`${name} serve --fault 503 --fault-every 3`, "fail every third request"],
      [`${name} serve --simulate`, "serve rooms in which something happens"],
    ],
  },
  verify: {
    args: "[<room>]",
    about: "verify a provider against the contract",
    more: [
      "It sends the requests of the contract that this package ships, for the " +
      "states that the account is in, and compares the responses: of Telnyx, or of " +
      "a stand-in of your own at --base-url. It looks at the room, or at the first " +
      "25, and lists what it could not verify.",
      "It only reads, unless --write lets it create, change and delete rooms and " +
      "tokens of its own, which it cleans up. With --write, a fake that serves " +
      "/_fake/ is put into every state that its routes can make.",
      "It needs the npm package @pact-foundation/pact beside this one.",
    ],
    options: {
      write: { about: "verify requests that write as well" },
      ...withoutJson,
    },
    examples: [
      [
        `${name} verify --base-url http://127.0.0.1:7070/v2 --write`,
        "verify your stand-in for Telnyx",
      ],
    ],
  },
  trigger: {
    args: "<event>",
    about: "send a signed webhook to your receiver",
    more: [
      `The event is one of ${
        eventNames.join(", ")
      }. Its fields are made up but ` +
      "for those that --set gives. It is signed as the fake signs, whose public " +
      "key is printed.",
    ],
    options: {
      to: { value: "URL", about: "where to send it" },
      set: {
        value: "FIELD=VALUE",
        many: true,
        about: "a field to set, such as payload.context=Ann; can be repeated",
      },
    },
    examples: [
      [
        `${name} trigger session.ended --to http://127.0.0.1:3000/`,
        "tell your receiver that a session has ended",
      ],
    ],
  },
  completions: {
    args: "bash|zsh|fish",
    about: "print a completion script for a shell",
    options: {},
    examples: [
      [
        `echo 'source <(${name} completions bash)' >> ~/.bashrc`,
        "install completions for bash",
      ],
      [
        `echo 'source <(${name} completions zsh)' >> ~/.zshrc`,
        "install completions for zsh, after compinit",
      ],
      [
        `${name} completions fish > ~/.config/fish/completions/${name}.fish`,
        "install completions for fish",
      ],
    ],
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;

/** The options without a command; every command has `help` as well. */
export const general: { help: Option; version: Option } = {
  help: { short: "h", about: "show help" },
  version: { short: "v", about: "show the version" },
};

export const environment: Record<string, string> = {
  TELNYX_API_KEY: "the API key, unless --token-file is given",
  TELNYX_BASE_URL: "the base URL, unless --base-url is given",
  NO_COLOR: "disables color if not empty",
};

/** The exit codes, by what they mean. */
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
  usage: "wrong usage, such as an id that is not a UUID",
  notFound: "not found",
  token: "API key missing or refused",
  network: "no connection",
  timeout: "timed out",
  rateLimited: "rate limited",
  interrupted: "interrupted",
};
