// What the log shows of an entry: in its line, and in its details.
import { type ComponentChildren, Fragment } from "preact";
import type { Entry, WebhookEntry } from "./types.ts";
import { clockTime, pretty, shortPath } from "./words.ts";

/** A status, in the color of its first digit. */
function Status({ status, words }: {
  status: number | undefined;
  words: string | number;
}) {
  const tone = status === undefined
    ? "none"
    : status < 300
    ? "good"
    : status < 500
    ? "warn"
    : "bad";
  return <span class={`status ${tone}`}>{words}</span>;
}

/** How an attempt to deliver a webhook ended. */
const ending = ({ status }: WebhookEntry["attempts"][number]) => ({
  status: status ?? 599,
  words: status ?? "failed",
});

/** What a line shows of an entry. */
function lineOf(entry: Entry) {
  if (entry.kind === "request") {
    const { method, url, ms, fault, ignored, outcome, status } = entry;
    return {
      method,
      path: shortPath(url),
      notes: (
        <>
          {ms !== undefined && <span>{ms} ms</span>}
          {fault !== undefined && <span class="note fault">{fault}</span>}
          {ignored.length > 0 && (
            <span class="note ignored">{ignored.length} ignored</span>
          )}
        </>
      ),
      status,
      words: status ?? (outcome === "waiting" ? "…" : outcome),
    };
  }
  const { urls, event, attempts } = entry;
  const last = attempts.at(-1);
  const { context } = event.payload;
  return {
    method: urls.length > 0 ? "HOOK" : "EVENT",
    path: event.event_type.replace("video.room.", ""),
    notes: (
      <>
        {typeof context === "string" && <span>{context}</span>}
        {attempts.length > 1 && (
          <span class="note">{attempts.length} attempts</span>
        )}
      </>
    ),
    status: undefined,
    words: urls.length > 0 ? "…" : "",
    ...last && ending(last),
  };
}

export function Line({ entry }: { entry: Entry }) {
  const { method, path, notes, status, words } = lineOf(entry);
  return (
    <>
      <span class={`method ${method.toLowerCase()}`}>{method}</span>
      <span class="what">
        <code class="path cut">{path}</code>
        <span class="notes faint flex cut">
          <span>{clockTime(entry.at)}</span>
          {notes}
        </span>
      </span>
      <Status status={status} words={words} />
    </>
  );
}

const headerLines = (headers: Record<string, string> | undefined) =>
  headers &&
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    .join("\n");

const outcomes = {
  waiting: "waits",
  left: "the client left",
  broken: "connection broken",
  answered: "",
};

/** What the details show of an entry. */
export interface Details {
  heading: string;
  /** What happened to it, in sentences of a color. */
  callouts: [tone: string, words: ComponentChildren][];
  facts: [name: string, value: ComponentChildren][];
  /** Its texts, by their titles. */
  texts: Record<string, string | undefined>;
}

export function detailsOf(entry: Entry): Details {
  const { path: heading } = lineOf(entry);
  if (entry.kind === "webhook") {
    const { urls, event, attempts } = entry;
    return {
      heading,
      callouts: urls.length > 0 ? [] : [[
        "",
        "An event that nobody is told of: set the room's webhook_event_url, " +
        "and start with --webhooks.",
      ]],
      facts: [
        ["Event", event.event_type],
        ...attempts.map((attempt, i): Details["facts"][number] => [
          `Attempt ${i + 1}`,
          <Fragment key={i}>
            <Status {...ending(attempt)} /> {attempt.url}
          </Fragment>,
        ]),
      ],
      texts: { "Event body": JSON.stringify(event, null, 2) },
    };
  }
  const { note, fault, ignored, operation, status, ms, outcome } = entry;
  const callouts: Details["callouts"] = [];
  if (note !== undefined) callouts.push(["bad", `The request ${note}.`]);
  if (fault !== undefined) {
    callouts.push(["fault", `A fault was injected: ${fault}.`]);
  }
  if (ignored.length > 0) {
    const names = ignored.map((name) => <code key={name}>{name}</code>);
    callouts.push(["ignored", ["Sent, but ignored: ", names]]);
  }
  return {
    heading: `${entry.method} ${heading}`,
    callouts,
    facts: [
      ["Operation", operation ?? "none at this address"],
      [
        "Outcome",
        status === undefined
          ? outcomes[outcome]
          : `${status} after ${ms ?? "?"} ms`,
      ],
    ],
    texts: {
      "Request body": pretty(entry.body),
      "Response body": pretty(entry.responseBody),
      "Request headers": headerLines(entry.headers),
      "Response headers": headerLines(entry.responseHeaders),
    },
  };
}
