import type { RoomParticipant } from "../core/participants.ts";
import type { Room } from "../core/rooms.ts";
import type { RoomSession } from "../core/sessions.ts";
import type { Context } from "./context.ts";
import { printable } from "./text.ts";
import { localTime, span } from "./time.ts";
import { cut } from "./width.ts";

/** How to format what is shown. */
export interface ViewOptions {
  /** Milliseconds since the epoch. */
  now: number;
  /** The width of a line in cells of the terminal, `Infinity` for no limit. */
  width: number;
  /** Whether to use ANSI escapes for color. */
  color: boolean;
}

/** The options for stdout: plain text of any width if it is not a terminal. */
export function toViewOptions(
  { stdout: { isTTY = false, columns = 80 }, env, now }: Context,
): ViewOptions {
  return {
    now: now(),
    width: isTTY ? columns : Infinity,
    color: isTTY && !env.NO_COLOR,
  };
}

type Paint = (text: string) => string;

function people(n: number): string {
  return `${n} ${n === 1 ? "person" : "people"}`;
}

function time(timestamp: string | null | undefined): string {
  return timestamp ? printable(localTime(timestamp)) : "unknown";
}

function state(room: Room, green: Paint): string {
  const session = room.sessions?.find(({ active }) => active);
  const id = room.active_session_id || session?.id;
  if (!id) return "idle, no active session";
  const present = session?.participants?.filter(({ left_at }) => !left_at);
  const count = present ? `, ${people(present.length)} there` : "";
  return `${green("in session")}${count}`;
}

/** How long a participant stayed in a session, which may still be active. */
export function stayOf(
  { joined_at, left_at }: RoomParticipant,
  active: boolean | null | undefined,
): string {
  return left_at
    ? (joined_at && span(joined_at, left_at)) || "left"
    : active
    ? "there now"
    : "end unknown";
}

function participantLine(
  person: RoomParticipant,
  active: boolean | null | undefined,
  width: number,
): string {
  const { context, joined_at, id } = person;
  const start = `  ${stayOf(person, active).padEnd(11)}  ${time(joined_at)}  `;
  return start +
    cut(printable(context || id), Math.max(9, width - start.length));
}

function sessionLines(
  { id, active, created_at, ended_at, participants }: RoomSession,
  { now, width }: ViewOptions,
  [dim, green]: [Paint, Paint],
): string[] {
  const end = ended_at || (active ? now : NaN);
  const length = created_at && span(created_at, end);
  const suffix = length ? `, ${length}${ended_at ? "" : " so far"}` : "";
  const from = `  from ${time(created_at)}`;
  const times = ended_at
    ? [from, `  to   ${time(ended_at)}${suffix}`]
    : [from + suffix];
  return [
    `${active ? green("active") : "ended"} ${dim(printable(id))}`,
    ...times,
    ...(participants ?? []).map((person) =>
      participantLine(person, active, width - 2)
    ),
    ...(participants?.length ? [] : [`  ${dim("nobody")}`]),
  ];
}

/** A room as text, with the fields that matter most. */
export function view(room: Room, options: ViewOptions): string {
  const paint = (code: number): Paint => (text) =>
    options.color ? `\x1b[${code}m${text}\x1b[0m` : text;
  const [bold, dim, green] = [paint(1), paint(2), paint(32)];
  const { id, unique_name, sessions, webhook_timeout_secs } = room;
  const rows: [string, string][] = [
    ["State", state(room, green)],
    ["Session", printable(room.active_session_id ?? "")],
    [
      "Capacity",
      typeof room.max_participants === "number"
        ? people(room.max_participants)
        : "unknown",
    ],
    [
      "Recording",
      typeof room.enable_recording !== "boolean"
        ? "unknown"
        : room.enable_recording
        ? "on"
        : "off",
    ],
    ["Webhooks", printable(room.webhook_event_url || "none")],
    ["Failover", printable(room.webhook_event_failover_url || "")],
    [
      "Timeout",
      typeof webhook_timeout_secs === "number"
        ? `${webhook_timeout_secs} s for a webhook`
        : "",
    ],
    ["Created", time(room.created_at)],
    ["Updated", time(room.updated_at)],
  ];
  return [
    bold(printable(unique_name || id)),
    ...(unique_name ? [dim(printable(id))] : []),
    "",
    ...rows.filter(([, value]) => value).map(([label, value]) =>
      `  ${dim(label.padEnd(10))}  ${value}`
    ),
    "",
    ...sessions
      ? [
        bold(sessions.length ? `Sessions (${sessions.length})` : "No sessions"),
        ...sessions.flatMap((session) => [
          "",
          ...sessionLines(session, options, [dim, green]).map((line) =>
            `  ${line}`
          ),
        ]),
      ]
      : [dim("Add --sessions to show sessions")],
    "",
  ].join("\n");
}
