// A room as text, with its sessions and the people in them.
import type { RoomParticipant } from "../core/participants.ts";
import { presentParticipants } from "../core/present_participants.ts";
import type { Room } from "../core/rooms.ts";
import type { RoomSession } from "../core/sessions.ts";
import { printable } from "./text.ts";
import { span } from "./time.ts";
import {
  indented,
  labeled,
  paints,
  people,
  textOf,
  timeOf,
  type ViewOptions,
} from "./view.ts";
import { cut } from "./width.ts";

/** The least width in which a line has a person and two times. */
const widthForTimes = 72;

function state(room: Room, options: ViewOptions): string {
  const session = room.sessions?.find(({ active }) => active);
  const id = room.active_session_id || session?.id;
  if (!id) return "idle, no active session";
  const count = session?.participants
    ? `, ${people(presentParticipants(room).length)} there`
    : "";
  return `${paints(options).green("in session")}${count}`;
}

/**
 * How long a participant stayed in a session, which may still be active, or may
 * not be known.
 */
export function stayOf(
  { joined_at, left_at }: RoomParticipant,
  active: boolean | null | undefined,
): string {
  if (left_at) return (joined_at && span(joined_at, left_at)) || "left";
  if (active) return "there now";
  return active === false ? "end unknown" : "not left";
}

function participantLine(
  person: RoomParticipant,
  active: boolean | null | undefined,
  { width }: ViewOptions,
): string {
  const { context, joined_at, id } = person;
  const stay = `    ${stayOf(person, active).padEnd(11)}  `;
  const start = width < widthForTimes
    ? stay
    : `${stay}${timeOf(joined_at) ?? "unknown"}  `;
  return start +
    cut(printable(context || id), Math.max(9, width - start.length));
}

function sessionLines(
  { id, active, created_at, ended_at, participants }: RoomSession,
  options: ViewOptions,
): string[] {
  const { dim, green } = paints(options);
  const end = ended_at || (active ? options.now : NaN);
  const length = created_at && span(created_at, end);
  const suffix = length ? `, ${length}${ended_at ? "" : " so far"}` : "";
  const from = `from ${timeOf(created_at) ?? "unknown"}`;
  const times = ended_at
    ? [from, `to   ${timeOf(ended_at)}${suffix}`]
    : [from + suffix];
  const within = { ...options, width: options.width - 2 };
  return [
    ...indented(
      `${active ? green("active") : "ended"} ${dim(printable(id))}`,
      options,
    ),
    ...times.flatMap((line) => indented(line, within))
      .map((line) => `  ${line}`),
    ...(participants ?? []).map((person) =>
      participantLine(person, active, options)
    ),
    ...(participants?.length ? [] : [`    ${dim("nobody")}`]),
  ];
}

/** A room as text, with the fields that matter most. */
export function roomView(room: Room, options: ViewOptions): string {
  const { bold, dim } = paints(options);
  const { id, unique_name, webhook_timeout_secs } = room;
  const { max_participants, enable_recording } = room;
  const capacity = typeof max_participants === "number"
    ? people(max_participants)
    : "unknown";
  const recording = typeof enable_recording !== "boolean"
    ? "unknown"
    : enable_recording
    ? "on"
    : "off";
  return [
    bold(printable(unique_name || id)),
    ...(unique_name ? [dim(printable(id))] : []),
    "",
    ...labeled([
      ["State", state(room, options)],
      ["Session", textOf(room.active_session_id)],
      ["Capacity", capacity],
      ["Recording", recording],
      ["Webhooks", textOf(room.webhook_event_url) ?? "none"],
      ["Failover", textOf(room.webhook_event_failover_url)],
      [
        "Timeout",
        typeof webhook_timeout_secs === "number"
          ? `${webhook_timeout_secs} s for a webhook`
          : undefined,
      ],
      ["Created", timeOf(room.created_at) ?? "unknown"],
      ["Updated", timeOf(room.updated_at) ?? "unknown"],
    ], options),
    "",
  ].join("\n");
}

/** A room as text, with its sessions, or how to see them. */
export function view(room: Room, options: ViewOptions): string {
  const { bold, dim } = paints(options);
  const { sessions } = room;
  if (!sessions) {
    const hint = dim("Add --sessions to show sessions");
    return `${roomView(room, options)}\n${hint}\n`;
  }
  return [
    roomView(room, options),
    bold(sessions.length ? `Sessions (${sessions.length})` : "No sessions"),
    ...sessions.flatMap((session) => ["", ...sessionLines(session, options)]),
    "",
  ].join("\n");
}
