// The commands about sessions and the people in them.
import type { Operation } from "../core/operation.ts";
import {
  getParticipantOperation,
  listParticipantsOperation,
  type RoomParticipant,
} from "../core/participants.ts";
import {
  endSessionOperation,
  getSessionOperation,
  isActive,
  kickParticipantsOperation,
  listSessionsOperation,
  muteParticipantsOperation,
  type RoomSession,
  unmuteParticipantsOperation,
} from "../core/sessions.ts";
import { describePeople, describeSessions } from "./destroy.ts";
import { sessionId } from "./command.ts";
import type { Use } from "./operation_arguments.ts";
import { operationCommand } from "./operation_command.ts";
import { days, idOf, option, room } from "./option_kinds.ts";
import { stayOf } from "./room_view.ts";
import { type Column, table } from "./table.ts";
import { span } from "./time.ts";
import { textOf, timeOf, titled, type ViewOptions } from "./view.ts";

const participantColumns = (
  active?: boolean | null,
): Column<RoomParticipant>[] => [
  ["ID", ({ id }) => id],
  ["STAY", (person) => stayOf(person, active)],
  ["NAME", ({ context }) => context],
];

function lengthOf(session: RoomSession, now: number): string | undefined {
  const { created_at, ended_at } = session;
  const end = ended_at || (isActive(session) ? now : NaN);
  return created_at ? span(created_at, end) : undefined;
}

const stateOf = (session: RoomSession) =>
  isActive(session) ? "active" : "ended";

const columns: readonly Column<RoomSession>[] = [
  ["ID", ({ id }) => id],
  ["STATE", stateOf],
  [
    "BEGAN (UTC)",
    (session) => session.created_at?.slice(0, 16).replace("T", " "),
  ],
  ["LENGTH", lengthOf],
];

/** A session as text, with a table of its participants and their ids. */
function sessionView(session: RoomSession, options: ViewOptions): string {
  const { participants } = session;
  const text = titled(`Session ${session.id}`, [
    ["State", stateOf(session)],
    ["Room", textOf(session.room_id)],
    ["Began", timeOf(session.created_at)],
    ["Ended", timeOf(session.ended_at)],
    ["Length", lengthOf(session, options.now)],
  ], options);
  const people = table(
    participantColumns(isActive(session)),
    participants ?? [],
    options,
  );
  return `${text}\n${people}`;
}

export const sessions = operationCommand({
  args: "[<session>...]",
  about: "list or show sessions",
  more: ["With the id of a session, it shows its participants as well."],
  options: {
    room,
    active: { sets: "active", about: "only active sessions" },
    ...days("createdAt", "began"),
  },
  examples: [[
    "telnyx-rooms sessions --room standup",
    "list the sessions of a room",
  ]],
  uses: [
    {
      operation: getSessionOperation,
      many: true,
      opts: { includeParticipants: true },
      show: sessionView,
    },
    { operation: listSessionsOperation, columns },
  ],
});

const hint = "the session has probably ended";

export const end = operationCommand({
  args: "<session>...",
  about: "end sessions",
  options: {},
  examples: [[
    `telnyx-rooms end ${sessionId} --dry-run`,
    "see who is in a session, without ending it",
  ]],
  uses: [{
    operation: endSessionOperation,
    many: true,
    destroys: { verb: "End", describe: describeSessions },
    hint,
    show: () => "Ended\n",
  }],
});

/** A command that acts on participants of a session. */
function participantCommand(
  name: string,
  done: string,
  operation: Operation,
  destroys?: Use["destroys"],
) {
  return operationCommand({
    args: "<session> all|<participant>...",
    about: `${name} participants`,
    more: [
      "telnyx-rooms sessions SESSION lists a session's participants and " +
      "their ids.",
    ],
    options: {
      exclude: option(
        "ID,ID",
        "exclude",
        "with all: everyone except these",
        (ids) => ids.split(","),
      ),
    },
    examples: [[
      `telnyx-rooms ${name} ${sessionId} all`,
      `${name} everyone in a session`,
    ]],
    uses: [{
      operation,
      payload: "arguments",
      hint,
      ...destroys && { destroys },
      show: () => `${done}\n`,
    }],
  });
}

export const kick = participantCommand(
  "kick",
  "Kicked",
  kickParticipantsOperation,
  { verb: "Kick", describe: describePeople },
);
export const mute = participantCommand(
  "mute",
  "Muted",
  muteParticipantsOperation,
);
export const unmute = participantCommand(
  "unmute",
  "Unmuted",
  unmuteParticipantsOperation,
);

function participantView(person: RoomParticipant, options: ViewOptions) {
  return titled(person.context || person.id, [
    ["Id", person.context ? textOf(person.id) : undefined],
    ["Session", textOf(person.session_id)],
    ["Joined", timeOf(person.joined_at)],
    ["Left", timeOf(person.left_at)],
    ["Stay", person.left_at ? stayOf(person, false) : undefined],
  ], options);
}

export const participants = operationCommand({
  args: "[<participant>...]",
  about: "list or show participants",
  options: {
    session: idOf("session"),
    name: option("NAME", "context", "only those with this context"),
    ...days("joinedAt", "joined"),
  },
  examples: [[
    `telnyx-rooms participants --session ${sessionId}`,
    "list who is or was in a session",
  ]],
  uses: [
    {
      operation: getParticipantOperation,
      many: true,
      show: participantView,
    },
    { operation: listParticipantsOperation, columns: participantColumns() },
  ],
});
