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

function said({ name, words }: TimelineRow): string {
  return `${name}: ${words}`;
}

/** The sessions as a list, for those who do not see the drawing. */
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
        said(row),
        html("ul", {}, ...people.map((one) => html("li", {}, said(one)))),
      )
    ),
  );
}

/** A value as JSON, folded. */
function asItCame(title: string, value: unknown): HTMLElement {
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
    const why = room.sessions
      ? "There was none yet."
      : "They come with includeSessions.";
    return [title, html("p", { class: "hint" }, why)];
  }
  const drawn = timeline(room.sessions, now);
  return [
    title,
    html("div", { class: "chart", id: "timeline" }, drawTimeline(drawn)),
    html(
      "details",
      {},
      html("summary", {}, "The sessions as a list"),
      list(drawn.rows),
    ),
  ];
}

/** What a room was found to be. */
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
        "There now",
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
        "Time-out",
        room.webhook_timeout_secs
          ? `${room.webhook_timeout_secs} s for a webhook`
          : undefined,
      ],
    ]),
    ...sessionsView(room, now),
    asItCame("The room as it came", room),
  ];
}

/** What a token was found to be. */
export function tokenView(tokens: JoinToken): HTMLElement[] {
  return [
    html("p", { class: "headline" }, html("strong", {}, "A join token")),
    facts([
      ["Good until", tokens.token_expires_at ?? undefined],
      ["Renewable until", tokens.refresh_token_expires_at ?? undefined],
      ["What it does", "lets the next one who joins this room in"],
    ]),
    asItCame("The tokens as they came", tokens),
  ];
}

/** What a look-up has failed with. */
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
    html("h3", {}, "On the error"),
    html("div", { class: "fields-of" }, facts(fields)),
  ];
}
