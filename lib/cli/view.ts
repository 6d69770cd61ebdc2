import type { RoomParticipant } from "../participants.ts";
import type { Room } from "../rooms.ts";
import type { RoomSession } from "../sessions.ts";
import type { Context } from "./context.ts";
import { cut } from "./cut.ts";
import { printable } from "./printable.ts";
import { localTime, span } from "./time.ts";

/** How a room is to be shown. */
export interface ViewOptions {
  /** Milliseconds since the epoch: what "so far" counts to. */
  now: number;
  /** Columns that a name may reach; `Infinity` to cut nothing. */
  width: number;
  /** Whether to colour it with ANSI escapes. */
  color: boolean;
}

/** How wide and colourful the output is: without limits if it is no terminal. */
export function toViewOptions(
  { stdout: { isTTY = false, columns = 80 }, env }: Context,
): Omit<ViewOptions, "now"> {
  return {
    width: isTTY ? columns : Infinity,
    color: isTTY && !env.NO_COLOR,
  };
}

type Paint = (text: string) => string;

function plural(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

function time(timestamp: string | null | undefined): string {
  return timestamp ? printable(localTime(timestamp)) : "unknown";
}

const isThere = ({ left_at }: RoomParticipant): boolean => !left_at;

function state(room: Room, green: Paint): string {
  const session = room.sessions?.find(({ active }) => active);
  const id = room.active_session_id || session?.id;
  if (!id) return "idle, no session is going on";
  const people = session?.participants?.filter(isThere).length;
  const count = people === undefined
    ? ""
    : `, ${plural(people, "person", "people")} there`;
  return `${green("in session")}${count}`;
}

/** How long someone stayed in a session that is active, or is not. */
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
  // The name comes last: it may be long, or wider than its characters count
  const start = `  ${stayOf(person, active).padEnd(11)}  ${time(joined_at)}  `;
  return start +
    cut(printable(context || id), Math.max(9, width - start.length));
}

function sessionLines(
  { id, active, created_at, ended_at, participants }: RoomSession,
  { now, width }: ViewOptions,
  [dim, green]: [Paint, Paint],
): string[] {
  const end = ended_at || (active ? now : undefined);
  const length = created_at && end && span(created_at, end);
  const ended = ended_at ? [`  to   ${time(ended_at)}`] : [];
  const times = [`  from ${time(created_at)}`, ...ended];
  if (length) {
    times[times.length - 1] += `, ${length}${ended_at ? "" : " so far"}`;
  }
  return [
    `${active ? green("active") : "ended"} ${dim(printable(id))}`,
    ...times,
    ...(participants ?? []).map((person) =>
      participantLine(person, active, width - 2)
    ),
    ...(participants?.length ? [] : [`  ${dim("nobody")}`]),
  ];
}

/** A room for a person to read, in lines; see `--json` for all there is. */
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
        ? plural(room.max_participants, "person", "people")
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
      "Time-out",
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
    ...(sessions
      ? [
        bold(sessions.length ? `Sessions (${sessions.length})` : "No sessions"),
        ...sessions.flatMap((session) => [
          "",
          ...sessionLines(session, options, [dim, green]).map((line) =>
            `  ${line}`
          ),
        ]),
      ]
      : [dim("Sessions are shown with --sessions")]),
    "",
  ].join("\n");
}
