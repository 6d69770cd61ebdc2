// The commands about rooms and their join tokens.
import { defaultConcurrency as concurrency } from "../client/get_rooms.ts";
import {
  createJoinTokenOperation,
  type JoinToken,
  refreshJoinTokenOperation,
} from "../core/join_tokens.ts";
import {
  createRoomOperation,
  deleteRoomOperation,
  getRoomOperation,
  listRoomsOperation,
  type Room,
  updateRoomOperation,
} from "../core/rooms.ts";
import { describeRooms } from "./destroy.ts";
import { roomId } from "./command.ts";
import { operationCommand } from "./operation_command.ts";
import { days, option, toNumber } from "./option_kinds.ts";
import { roomView, view } from "./room_view.ts";
import type { Column } from "./table.ts";
import { textOf, timeOf, titled, type ViewOptions } from "./view.ts";

const columns: readonly Column<Room>[] = [
  ["ID", ({ id }) => id],
  ["STATE", (room) => room.active_session_id ? "in session" : "idle"],
  ["MAX", ({ max_participants }) => max_participants && `${max_participants}`],
  ["REC", ({ enable_recording }) => enable_recording && "on"],
  ["NAME", ({ unique_name }) => unique_name],
];

export const list = operationCommand({
  args: "",
  about: "list rooms",
  options: {
    name: option("NAME", "uniqueName", "only the room with this name"),
    active: { about: "only rooms in session" },
    ...days("createdAt", "created"),
  },
  examples: [[
    "telnyx-rooms list --active --json | jq -r '.[].unique_name'",
    "print the names of the rooms in session",
  ]],
  uses: [{
    operation: listRoomsOperation,
    columns,
    keeps: { active: (room: Room) => Boolean(room.active_session_id) },
  }],
});

export const get = operationCommand({
  args: "<room>...",
  about: "show rooms",
  more: [
    `Several are looked up ${concurrency} at a time and shown in the order ` +
    "given, each once. One that fails is a line on stderr and does not stop the " +
    "others; the exit code is that of the first failure. With --json, they are " +
    'an array, with {"id", "error": {"code", "message"}} for a failure.',
  ],
  options: {
    sessions: {
      sets: "includeSessions",
      about: "include the rooms' sessions and participants",
    },
  },
  examples: [
    [
      `telnyx-rooms get ${roomId} --sessions`,
      "show a room and its participants",
    ],
    [
      "telnyx-rooms get - --json <ids.txt | jq '.[].unique_name'",
      "print the names of many rooms",
    ],
  ],
  uses: [{ operation: getRoomOperation, many: true, show: view }],
});

const roomFields = {
  name: option("NAME", "unique_name", "a unique name"),
  "max-participants": option(
    "N",
    "max_participants",
    "maximum number of participants, 2 to 50",
    toNumber,
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
    toNumber,
  ),
};

export const create = operationCommand({
  args: "",
  about: "create a room",
  options: roomFields,
  examples: [[
    "telnyx-rooms create --name standup --recording on",
    "create a room that records its sessions",
  ]],
  uses: [{ operation: createRoomOperation, show: roomView }],
});

export const update = operationCommand({
  args: "<room>",
  about: "change a room",
  more: ["Only the given fields change."],
  options: roomFields,
  examples: [[
    "telnyx-rooms update standup --max-participants 20",
    "change the size of a room",
  ]],
  uses: [{ operation: updateRoomOperation, show: roomView }],
});

export const deleteRooms = operationCommand({
  args: "<room>...",
  about: "delete rooms, and end their sessions",
  options: {},
  examples: [[
    "telnyx-rooms delete standup --dry-run",
    "see what would be deleted",
  ]],
  uses: [{
    operation: deleteRoomOperation,
    many: true,
    destroys: { verb: "Delete", describe: describeRooms },
    show: () => "Deleted\n",
  }],
});

/** Join tokens as text: from a refresh, there is only one. */
function tokenView(
  { token, token_expires_at, ...refresh }: JoinToken | Partial<JoinToken>,
  options: ViewOptions,
): string {
  return titled("Join token", [
    ["Token", textOf(token)],
    ["Expires", timeOf(token_expires_at)],
    ["Refresh", textOf(refresh.refresh_token)],
    ["Expires", timeOf(refresh.refresh_token_expires_at)],
  ], options);
}

export const token = operationCommand({
  args: "<room>",
  about: "create a join token for a room",
  more: [
    "Join tokens are secrets: they are printed on stdout only, and without " +
    "anything else if that is not a terminal. With --refresh, the refresh token " +
    "is the first line of stdin, since other users of the machine can read " +
    "arguments.",
  ],
  options: {
    ttl: option(
      "SECONDS",
      "tokenTtlSecs",
      "lifetime of the join token, 10 to 3600 (default 600)",
      toNumber,
    ),
    "refresh-ttl": option(
      "SECONDS",
      "refreshTokenTtlSecs",
      "lifetime of the refresh token, 60 to 86400 (default 3600)",
      toNumber,
    ),
    refresh: {
      about: "exchange the refresh token on stdin for a new join token",
    },
  },
  examples: [
    ["telnyx-rooms token standup > token.txt", "save only the join token"],
    [`telnyx-rooms token ${roomId} --refresh <file`, "refresh a join token"],
  ],
  uses: [
    {
      operation: refreshJoinTokenOperation,
      flag: "refresh",
      payload: "stdin",
      show: tokenView,
      showPiped: ({ token }: JoinToken) => `${textOf(token)}\n`,
    },
    {
      operation: createJoinTokenOperation,
      show: tokenView,
      showPiped: ({ token }: JoinToken) => `${textOf(token)}\n`,
    },
  ],
});
