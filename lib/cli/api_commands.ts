/**
 * The commands that carry out an operation of the API, as data: the help, the
 * reading of their arguments, the request and its check come from here.
 */
import * as api from "../core.ts";
import type { Command } from "./manual.ts";
import { callingOptions } from "./option.ts";
import * as results from "./results.ts";
import { fields } from "./table.ts";
import type { ViewOptions } from "./view.ts";

/** An operation that a command can be used for. */
export interface Use {
  /** Its ids are the first arguments; the other options set what it takes. */
  operation: api.Operation;
  /** The option that asks for this use. */
  flag?: string;
  /** What the operation is asked for in any case. */
  opts?: Record<string, unknown>;
  /** Where the payload comes from, if not from options. */
  payload?: "arguments" | "stdin";
  /** What to ask first, as it can't be undone. */
  asks?: string;
  /** The result as text. */
  show(result: never, options: ViewOptions): string;
}

const use = (
  operation: api.Operation,
  show: Use["show"],
  more: Omit<Use, "operation" | "show"> = {},
): Use => ({ operation, show, ...more });
const said = (text: string) => () => `${text}\n`;
const number = (text: string) => text.trim() === "" ? NaN : Number(text);

/** An option with a value, which sets this of the operation. */
const takes = (
  value: string,
  sets: string,
  about: string,
  read: (text: string) => unknown = (text) => text,
) => ({ value, sets, about, read });
const idOf = (what: string) =>
  takes("ID", `${what}Id`, `those of that ${what}`);
const days = (field: string, did: string) => ({
  since: takes(
    "YYYY-MM-DD",
    `${field}.gte`,
    `those that ${did} then, or later`,
  ),
  until: takes(
    "YYYY-MM-DD",
    `${field}.lte`,
    `those that ${did} then, or earlier`,
  ),
});

const yes = { about: "do it without asking" };
const roomFields = {
  name: takes("NAME", "unique_name", "its name, which no other room has"),
  "max-participants": takes(
    "N",
    "max_participants",
    "how many people it takes, 2 to 50",
    number,
  ),
  recording: takes(
    "on|off",
    "enable_recording",
    "whether its sessions are recorded",
    (text) => text === "on",
  ),
  "webhook-url": takes("URL", "webhook_event_url", "where its webhooks go"),
  "webhook-failover-url": takes(
    "URL",
    "webhook_event_failover_url",
    "where they go if that fails",
  ),
  "webhook-timeout": takes(
    "SECONDS",
    "webhook_timeout_secs",
    "how long their receiver may take, 0 to 30",
    number,
  ),
};

const room = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const session = room.replace(/3$/, "4");

/** A command that does something to people of a session. */
function onPeople(
  name: string,
  operation: api.Operation,
  about: string,
  [done, asks]: [done: string, asks?: string],
) {
  return {
    args: "<session> all|<participant>...",
    about,
    more: [
      "The command sessions shows the people of a session with their ids.",
    ],
    options: {
      exclude: takes(
        "ID,ID",
        "exclude",
        "spare these, with all",
        (ids) => ids.split(","),
      ),
      ...asks && { yes },
      ...callingOptions,
    },
    examples: [[`telnyx-rooms ${name} ${session} all`, "everyone"]],
    uses: [use(operation, said(done), {
      payload: "arguments",
      ...asks && { asks },
    })],
  } as const satisfies Command;
}

export const apiCommands = {
  list: {
    args: "",
    about: "list rooms",
    options: {
      name: takes("NAME", "uniqueName", "the room of that name"),
      ...days("createdAt", "were made"),
      ...callingOptions,
    },
    examples: [[
      "telnyx-rooms list --name standup --json | jq -r '.[].id'",
      "the id of a room",
    ]],
    uses: [use(api.listRoomsOperation, results.rooms)],
  },
  create: {
    args: "",
    about: "create a room",
    options: { ...roomFields, ...callingOptions },
    examples: [[
      "telnyx-rooms create --name standup --recording on",
      "a room that records",
    ]],
    uses: [use(api.createRoomOperation, fields)],
  },
  update: {
    args: "<room>",
    about: "change a room",
    more: ["What no option names stays as it is."],
    options: { ...roomFields, ...callingOptions },
    examples: [[
      `telnyx-rooms update ${room} --max-participants 20`,
      "a larger room",
    ]],
    uses: [use(api.updateRoomOperation, fields)],
  },
  delete: {
    args: "<room>",
    about: "delete a room",
    options: { yes, ...callingOptions },
    uses: [
      use(api.deleteRoomOperation, said("Deleted"), {
        asks: "Delete this room, and put out whoever is in it?",
      }),
    ],
  },
  token: {
    args: "<room>",
    about: "mint a token to join a room with",
    more: [
      "The tokens are secrets, and are printed on stdout alone. With " +
      "--refresh, the refresh token is the first line of stdin, since other " +
      "users of the machine could read an argument.",
    ],
    options: {
      ttl: takes(
        "SECONDS",
        "tokenTtlSecs",
        "how long the token lasts, 10 to 3600 (default 600)",
        number,
      ),
      "refresh-ttl": takes(
        "SECONDS",
        "refreshTokenTtlSecs",
        "how long the refresh token lasts, 60 to 86400 (default 3600)",
        number,
      ),
      refresh: { about: "a new token for the refresh token on stdin" },
      ...callingOptions,
    },
    examples: [
      [`telnyx-rooms token ${room} --json | jq -r .token`, "the token alone"],
      [
        `telnyx-rooms token ${room} --refresh <file`,
        "a new one",
      ],
    ],
    uses: [
      use(api.refreshJoinTokenOperation, fields, {
        flag: "refresh",
        payload: "stdin",
      }),
      use(api.createJoinTokenOperation, fields),
    ],
  },
  sessions: {
    args: "[<session>]",
    about: "list sessions, or show one and its people",
    options: {
      room: idOf("room"),
      active: { sets: "active", about: "those that are going on" },
      ...days("createdAt", "began"),
      ...callingOptions,
    },
    examples: [[`telnyx-rooms sessions --room ${room}`, "of one room"]],
    uses: [
      use(api.getSessionOperation, results.session, {
        opts: { includeParticipants: true },
      }),
      use(api.listSessionsOperation, results.sessions),
    ],
  },
  end: {
    args: "<session>",
    about: "end a session",
    options: { yes, ...callingOptions },
    uses: [
      use(api.endSessionOperation, said("Ended"), {
        asks: "End this session, and put everyone out?",
      }),
    ],
  },
  kick: onPeople("kick", api.kickParticipantsOperation, "put people out", [
    "Put out",
    "Put them out of the session?",
  ]),
  mute: onPeople("mute", api.muteParticipantsOperation, "mute people", [
    "Muted",
  ]),
  unmute: onPeople("unmute", api.unmuteParticipantsOperation, "unmute people", [
    "Unmuted",
  ]),
  recordings: {
    args: "[<recording>]",
    about: "list recordings, show one, or delete some",
    more: [
      "With --delete and options that say which, it deletes all of those; " +
      "without any, it refuses, as that would be all there are.",
    ],
    options: {
      room: idOf("room"),
      session: idOf("session"),
      participant: idOf("participant"),
      status: takes(
        "completed|processing",
        "status",
        "those that are ready, or not",
      ),
      type: takes("audio|video", "type", "those of sounds, or of pictures"),
      ...days("startedAt", "began"),
      delete: { about: "delete that one, or those" },
      yes,
      ...callingOptions,
    },
    examples: [
      [
        "telnyx-rooms recordings --type audio --status completed",
        "sounds that can be downloaded",
      ],
      [
        "telnyx-rooms recordings --until 2026-01-31 --delete",
        "tidy up",
      ],
    ],
    uses: [
      use(api.deleteRecordingOperation, said("Deleted"), {
        flag: "delete",
        asks: "Delete this recording?",
      }),
      use(api.deleteRecordingsOperation, results.deleted, {
        flag: "delete",
        asks: "Delete every recording that the options match?",
      }),
      use(api.getRecordingOperation, fields),
      use(api.listRecordingsOperation, results.recordings),
    ],
  },
  compositions: {
    args: "[<composition>]",
    about: "list compositions, show or delete one",
    options: {
      session: idOf("session"),
      status: takes(
        "completed|processing|enqueued",
        "status",
        "those that have come so far",
      ),
      ...days("createdAt", "were ordered"),
      delete: { about: "delete that one" },
      yes,
      ...callingOptions,
    },
    uses: [
      use(api.deleteCompositionOperation, said("Deleted"), {
        flag: "delete",
        asks: "Delete this composition?",
      }),
      use(api.getCompositionOperation, fields),
      use(api.listCompositionsOperation, results.compositions),
    ],
  },
} satisfies Record<string, Command>;
