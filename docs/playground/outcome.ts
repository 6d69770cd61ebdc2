/// <reference lib="dom" />
import type { JoinToken, Room } from "@videorooms/telnyx";
import { drawTimeline } from "./charts.ts";
import { html } from "./element.ts";
import type { FailureView } from "./failure.ts";
import { activeSession, isLive, present } from "./rooms.ts";
import { timeline, type TimelineRow } from "./timeline.ts";
import { plural } from "./units.ts";

function facts(rows: [name: string, value: string | undefined][]): HTMLElement {
  return html(
    "dl",
    {},
    ...rows.flatMap(([name, value]) =>
      value === undefined ? [] : [html("dt", {}, name), html("dd", {}, value)]
    ),
  );
}

function rowText({ name, words }: TimelineRow): string {
  return `${name}: ${words}`;
}

/** The sessions as a list, for those who cannot see the chart. */
function list(rows: readonly TimelineRow[]): HTMLElement {
  const sessions: { row: TimelineRow; people: TimelineRow[] }[] = [];
  for (const row of rows) {
    if (row.kind === "session") sessions.push({ row, people: [] });
    else sessions.at(-1)?.people.push(row);
  }
  return html(
    "ul",
    {},
    ...sessions.map(({ row, people }) =>
      html(
        "li",
        {},
        rowText(row),
        html("ul", {}, ...people.map((row) => html("li", {}, rowText(row)))),
      )
    ),
  );
}

/** A value as JSON, collapsed. */
function json(title: string, value: unknown): HTMLElement {
  const code = html("code", {}, JSON.stringify(value, null, 2));
  return html(
    "details",
    {},
    html("summary", {}, title),
    html("pre", { tabindex: 0, role: "group", "aria-label": "JSON" }, code),
  );
}

function sessionsView(room: Room, now: number): HTMLElement[] {
  const title = html("h3", {}, "Sessions");
  if (!room.sessions?.length) {
    const reason = room.sessions
      ? "There are none yet."
      : "Set includeSessions to see them.";
    return [title, html("p", { class: "hint" }, reason)];
  }
  const sessions = timeline(room.sessions, now);
  return [
    title,
    html("div", { class: "chart", id: "timeline" }, drawTimeline(sessions)),
    html(
      "details",
      {},
      html("summary", {}, "The sessions as a list"),
      list(sessions.rows),
    ),
  ];
}

/** Shows a room. */
export function roomView(room: Room, now: number): HTMLElement[] {
  const session = activeSession(room);
  const people = session &&
    present(session).map(({ context, id }) => context || id);
  const live = isLive(room);
  return [
    html(
      "p",
      { class: "headline" },
      html("strong", {}, room.unique_name || room.id),
      html(
        "span",
        { class: live ? "pill live" : "pill" },
        live ? "In session" : "Idle",
      ),
    ),
    facts([
      [
        "In the room",
        people
          ? people.join(", ") || "nobody"
          : live
          ? "unknown without includeSessions"
          : "nobody",
      ],
      [
        "Capacity",
        typeof room.max_participants === "number"
          ? plural(room.max_participants, "person", "people")
          : undefined,
      ],
      ["Recording", room.enable_recording ? "on" : "off"],
      ["Webhooks", room.webhook_event_url || "none"],
      ["Failover", room.webhook_event_failover_url || undefined],
      [
        "Timeout",
        room.webhook_timeout_secs
          ? `${room.webhook_timeout_secs} s for a webhook`
          : undefined,
      ],
    ]),
    ...sessionsView(room, now),
    json("The room as received", room),
  ];
}

/** Shows a join token. */
export function tokenView(tokens: JoinToken): HTMLElement[] {
  return [
    html("p", { class: "headline" }, html("strong", {}, "A join token")),
    facts([
      ["Token expires", tokens.token_expires_at ?? undefined],
      ["Refresh token expires", tokens.refresh_token_expires_at ?? undefined],
      ["Used by", "the next person who joins this room"],
    ]),
    json("The tokens as received", tokens),
  ];
}

/** Shows what a call failed with. */
export function failureElements(view: FailureView): HTMLElement[] {
  const { name, code, message, advice, fields } = view;
  return [
    html(
      "p",
      { class: "headline" },
      html("strong", {}, name),
      ...code ? [html("code", { class: "pill bad" }, code)] : [],
    ),
    html("p", { class: "message" }, message),
    facts([["What to do", advice]]),
    html("h3", {}, "Fields of the error"),
    html("div", { class: "fields-of" }, facts(fields)),
  ];
}
