/**
 * The commands that call an operation of the API, as data: their help, the
 * parsing of their arguments, and the request all come from here.
 */
import * as api from "../core/mod.ts";
import type { Command, Use } from "./command.ts";
import { roomId, sessionId } from "./example_rooms.ts";
import { callingOptions } from "./option.ts";
import * as results from "./results.ts";
import { fields } from "./table.ts";

const use = (
  operation: api.Operation,
  show: Use["show"],
  more: Omit<Use, "operation" | "show"> = {},
): Use => ({ operation, show, ...more });
const message = (text: string) => () => `${text}\n`;
const number = (text: string) => text.trim() === "" ? NaN : Number(text);

/** An option with a value, and the option or field that it sets. */
const option = (
  value: string,
  sets: string,
  about: string,
  parse?: (text: string) => unknown,
) => ({ value, sets, about, ...parse && { parse } });
const idOf = (resource: string) =>
  option("ID", `${resource}Id`, `only those of this ${resource}`);
const days = (field: string, verb: string) => ({
  since: option(
    "YYYY-MM-DD",
    `${field}.gte`,
    `${verb} on this day or later`,
  ),
  until: option(
    "YYYY-MM-DD",
    `${field}.lte`,
    `${verb} on this day or earlier`,
  ),
});

const yes = { about: "do not ask for confirmation" };
const roomFields = {
  name: option("NAME", "unique_name", "a unique name"),
  "max-participants": option(
    "N",
    "max_participants",
    "maximum number of participants, 2 to 50",
    number,
  ),
  recording: option(
    "on|off",
    "enable_recording",
    "whether to record its sessions",
    (text) => text === "on",
  ),
  "webhook-url": option("URL", "webhook_event_url", "where to send webhooks"),
  "webhook-failover-url": option(
    "URL",
    "webhook_event_failover_url",
    "where to send webhooks when that fails",
  ),
  "webhook-timeout": option(
    "SECONDS",
    "webhook_timeout_secs",
    "how long to wait for a webhook's response, 0 to 30",
    number,
  ),
};

/** A command that acts on participants of a session. */
function participantCommand(
  name: string,
  operation: api.Operation,
  done: string,
  question?: string,
) {
  return {
    args: "<session> all|<participant>...",
    about: `${name} participants`,
    more: [
      "The command sessions lists a session's participants and their ids.",
    ],
    options: {
      exclude: option(
        "ID,ID",
        "exclude",
        "with all: everyone except these",
        (ids) => ids.split(","),
      ),
      ...question && { yes },
      ...callingOptions,
    },
    uses: [use(operation, message(done), {
      payload: "arguments",
      ...question && { question },
    })],
  } as const satisfies Command;
}

export const apiCommands = {
  list: {
    args: "",
    about: "list rooms",
    options: {
      name: option("NAME", "uniqueName", "only the room with this name"),
      ...days("createdAt", "created"),
      ...callingOptions,
    },
    examples: [[
      "telnyx-rooms list --name standup --json | jq -r '.[].id'",
      "print the id of a room",
    ]],
    uses: [use(api.listRoomsOperation, results.rooms)],
  },
  create: {
    args: "",
    about: "create a room",
    options: { ...roomFields, ...callingOptions },
    examples: [[
      "telnyx-rooms create --name standup --recording on",
      "create a room that records its sessions",
    ]],
    uses: [use(api.createRoomOperation, fields)],
  },
  update: {
    args: "<room>",
    about: "change a room",
    more: ["Only the given fields change."],
    options: { ...roomFields, ...callingOptions },
    examples: [[
      `telnyx-rooms update ${roomId} --max-participants 20`,
      "change the size of a room",
    ]],
    uses: [use(api.updateRoomOperation, fields)],
  },
  delete: {
    args: "<room>",
    about: "delete a room",
    options: { yes, ...callingOptions },
    uses: [
      use(api.deleteRoomOperation, message("Deleted"), {
        question: "Delete this room and end its session?",
      }),
    ],
  },
  token: {
    args: "<room>",
    about: "create a join token for a room",
    more: [
      "Join tokens are secrets: they are printed on stdout only. With --refresh, " +
      "the refresh token is the first line of stdin, since other users of the " +
      "machine can read arguments.",
    ],
    options: {
      ttl: option(
        "SECONDS",
        "tokenTtlSecs",
        "lifetime of the join token, 10 to 3600 (default 600)",
        number,
      ),
      "refresh-ttl": option(
        "SECONDS",
        "refreshTokenTtlSecs",
        "lifetime of the refresh token, 60 to 86400 (default 3600)",
        number,
      ),
      refresh: {
        about: "exchange the refresh token on stdin for a new join token",
      },
      ...callingOptions,
    },
    examples: [
      [
        `telnyx-rooms token ${roomId} --json | jq -r .token`,
        "print only the join token",
      ],
      [`telnyx-rooms token ${roomId} --refresh <file`, "refresh a join token"],
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
    about: "list or show sessions",
    more: ["With the id of a session, it shows its participants as well."],
    options: {
      room: idOf("room"),
      active: { sets: "active", about: "only active sessions" },
      ...days("createdAt", "began"),
      ...callingOptions,
    },
    examples: [[
      `telnyx-rooms sessions --room ${roomId}`,
      "list the sessions of a room",
    ]],
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
      use(api.endSessionOperation, message("Ended"), {
        question: "End this session for everyone?",
      }),
    ],
  },
  kick: participantCommand(
    "kick",
    api.kickParticipantsOperation,
    "Kicked",
    "Kick these participants?",
  ),
  mute: participantCommand("mute", api.muteParticipantsOperation, "Muted"),
  unmute: participantCommand(
    "unmute",
    api.unmuteParticipantsOperation,
    "Unmuted",
  ),
  participants: {
    args: "[<participant>]",
    about: "list or show participants",
    options: {
      session: idOf("session"),
      name: option("NAME", "context", "only those with this context"),
      ...days("joinedAt", "joined"),
      ...callingOptions,
    },
    examples: [[
      `telnyx-rooms participants --session ${sessionId}`,
      "list who is or was in a session",
    ]],
    uses: [
      use(api.getParticipantOperation, fields),
      use(api.listParticipantsOperation, results.participants),
    ],
  },
  recordings: {
    args: "[<recording>]",
    about: "list, show or delete recordings",
    more: [
      "Without an id, --delete deletes every recording that the other options " +
      "match, and needs at least one of them.",
    ],
    options: {
      room: idOf("room"),
      session: idOf("session"),
      participant: idOf("participant"),
      status: option(
        "completed|processing",
        "status",
        "only those with this status",
      ),
      type: option("audio|video", "type", "only those of this type"),
      ...days("startedAt", "began"),
      delete: { about: "delete the recording, or all that match" },
      yes,
      ...callingOptions,
    },
    examples: [
      [
        "telnyx-rooms recordings --type audio --status completed",
        "list audio that is ready to download",
      ],
      [
        "telnyx-rooms recordings --until 2026-01-31 --delete",
        "delete old recordings",
      ],
    ],
    uses: [
      use(api.deleteRecordingOperation, message("Deleted"), {
        flag: "delete",
        question: "Delete this recording?",
      }),
      use(api.deleteRecordingsOperation, results.deleted, {
        flag: "delete",
        question: "Delete every recording that the options match?",
      }),
      use(api.getRecordingOperation, fields),
      use(api.listRecordingsOperation, results.recordings),
    ],
  },
  compositions: {
    args: "[<composition>]",
    about: "list, show or delete compositions",
    options: {
      session: idOf("session"),
      status: option(
        "completed|processing|enqueued",
        "status",
        "only those with this status",
      ),
      ...days("createdAt", "created"),
      delete: { about: "delete the composition" },
      yes,
      ...callingOptions,
    },
    uses: [
      use(api.deleteCompositionOperation, message("Deleted"), {
        flag: "delete",
        question: "Delete this composition?",
      }),
      use(api.getCompositionOperation, fields),
      use(api.listCompositionsOperation, results.compositions),
    ],
  },
} satisfies Record<string, Command>;
