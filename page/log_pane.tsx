import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Icon, IconButton, Segments } from "./controls.tsx";
import { toCurl } from "./curl.ts";
import { presets } from "./faults.ts";
import { Body } from "./json.tsx";
import { isProblem, isShown, kinds } from "./log_filter.ts";
import { refTo, type Store } from "./store.ts";
import type { Entry } from "./types.ts";
import { clockTime, pretty, shortPath } from "./words.ts";

/** How many lines are drawn, and how high each is, in pixels. */
const maxLines = 150;
const lineHeight = 52;

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

const eventName = ({ event_type }: { event_type: string }) =>
  event_type.replace("video.room.", "");

/** What a line shows of an entry. */
function lineOf(entry: Entry) {
  if (entry.kind === "request") {
    const { method, url, ms, fault, ignored, outcome, status } = entry;
    return {
      method,
      tint: method.toLowerCase(),
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
    tint: urls.length > 0 ? "hook" : "",
    path: eventName(event),
    notes: (
      <>
        {typeof context === "string" && <span>{context}</span>}
        {attempts.length > 1 && (
          <span class="note">{attempts.length} attempts</span>
        )}
      </>
    ),
    status: last && (last.status ?? 599),
    words: last ? last.status ?? "failed" : urls.length > 0 ? "…" : "",
  };
}

function Line({ entry }: { entry: Entry }) {
  const { method, tint, path, notes, status, words } = lineOf(entry);
  return (
    <>
      <span class={`method ${tint}`}>{method}</span>
      <span class="what">
        <code class="path">{path}</code>
        <span class="notes">
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

/** The texts of an entry, by their titles. */
function textsOf(entry: Entry): Record<string, string | undefined> {
  if (entry.kind === "webhook") {
    return { "Event body": JSON.stringify(entry.event, null, 2) };
  }
  return {
    "Request body": pretty(entry.body),
    "Response body": pretty(entry.responseBody),
    "Request headers": headerLines(entry.headers),
    "Response headers": headerLines(entry.responseHeaders),
  };
}

/** What happened to an entry, in sentences. */
function Callouts({ entry }: { entry: Entry }) {
  if (entry.kind === "webhook") {
    return entry.urls.length > 0 ? null : (
      <p class="callout">
        An event that nobody is told of: set the room's webhook_event_url, and
        start with --webhooks.
      </p>
    );
  }
  const { note, fault, ignored } = entry;
  return (
    <>
      {note !== undefined && <p class="callout bad">The request {note}.</p>}
      {fault !== undefined && (
        <p class="callout fault">A fault was injected: {fault}.</p>
      )}
      {ignored.length > 0 && (
        <p class="callout ignored">
          Sent, but ignored:{" "}
          {ignored.map((name) => <code key={name}>{name}</code>)}
        </p>
      )}
    </>
  );
}

const outcomes = {
  waiting: "waits",
  left: "the client left",
  broken: "connection broken",
  answered: "",
};

function Facts({ entry }: { entry: Entry }) {
  if (entry.kind === "request") {
    const { operation, status, ms, outcome } = entry;
    return (
      <dl class="facts">
        <dt>Operation</dt>
        <dd>{operation ?? "none at this address"}</dd>
        <dt>Outcome</dt>
        <dd>
          {status === undefined
            ? outcomes[outcome]
            : `${status} after ${ms ?? "?"} ms`}
        </dd>
      </dl>
    );
  }
  return (
    <dl class="facts">
      <dt>Event</dt>
      <dd>{entry.event.event_type}</dd>
      {entry.attempts.map(({ url, status }, i) => (
        <>
          <dt>Attempt {i + 1}</dt>
          <dd>
            <Status status={status ?? 599} words={status ?? "failed"} /> {url}
          </dd>
        </>
      ))}
    </dl>
  );
}

function Detail({ entry, store }: { entry: Entry; store: Store }) {
  const head = useRef<HTMLElement>(null);
  useEffect(() => head.current?.querySelector("button")?.focus(), [entry.id]);
  const sendAgain = () =>
    entry.kind === "webhook" &&
    store.act("Sent again", `webhooks/${entry.event.id}/redeliver`);
  return (
    <div class="detail" role="region" aria-label="Details">
      <header class="detail-head" ref={head}>
        <IconButton
          icon="back"
          label="Close the details"
          onClick={() => store.choose({ entry: undefined })}
        />
        <h2 class="path">
          {entry.kind === "request"
            ? `${entry.method} ${shortPath(entry.url)}`
            : eventName(entry.event)}
        </h2>
        <IconButton
          icon="link"
          label="Copy a link to this"
          title="Copy a link to this"
          onClick={() => store.copy("Link", location.href)}
        />
        {entry.kind === "request"
          ? (
            <Button
              class="button small"
              onClick={() => store.copy("Command", toCurl(entry))}
            >
              Copy as curl
            </Button>
          )
          : (
            <Button
              class="button small"
              disabled={entry.urls.length === 0}
              onClick={sendAgain}
            >
              <Icon name="again" />Send again
            </Button>
          )}
      </header>
      <div class="detail-body">
        <Callouts entry={entry} />
        <Facts entry={entry} />
        {Object.entries(textsOf(entry)).map(([title, text]) =>
          text !== undefined && (
            <div class="block" key={title}>
              <div class="block-head">
                <h3>{title}</h3>
                <IconButton
                  icon="copy"
                  label={`Copy: ${title}`}
                  onClick={() => store.copy(title, text)}
                />
              </div>
              <Body title={title} text={text} />
            </div>
          )
        )}
      </div>
    </div>
  );
}

function Faults({ store }: { store: Store }) {
  const [chosen, choose] = useState(0);
  const [times, setTimes] = useState("1");
  const { faults = [], webhookFaults = [] } = store.view.state ?? {};
  const planned = [
    ...faults.map(({ fault, times }) => `${fault} × ${times}`),
    ...webhookFaults.map(({ fault, times }) => `webhook ${fault} × ${times}`),
  ];
  const inject = (event: Event) => {
    event.preventDefault();
    const preset = presets[chosen];
    if (!preset) return;
    store.act(`Fault planned: ${preset.name}`, preset.path, {
      ...preset.body,
      times: times === "always" ? "always" : Number(times),
    });
  };
  return (
    <section class="faults" aria-label="Faults">
      <form onSubmit={inject}>
        <Icon name="bolt" />
        <select
          aria-label="Fault"
          value={chosen}
          onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
        >
          {presets.map(({ name, about }, i) => (
            <option key={name} value={i} title={about}>{name}</option>
          ))}
        </select>
        <select
          aria-label="How often"
          value={times}
          onChange={({ currentTarget }) => setTimes(currentTarget.value)}
        >
          {["1", "2", "3", "5", "10", "always"].map((each) => (
            <option key={each} value={each}>
              {each === "always" ? "always" : `next ${each}`}
            </option>
          ))}
        </select>
        <button type="submit" class="button fault-button">Inject</button>
      </form>
      <div class="planned">
        {planned.slice(0, 2).map((words, i) => (
          <span key={i} class="note fault">{words}</span>
        ))}
        {planned.length > 2 && <span class="faint">+{planned.length - 2}</span>}
        {planned.length === 0
          ? <span class="faint">No faults to come</span>
          : (
            <Button
              class="link"
              onClick={() =>
                store.act("Faults cleared", "faults", undefined, "DELETE")}
            >
              Clear
            </Button>
          )}
      </div>
    </section>
  );
}

/** What is shown of an entry that a link names, and that is no longer there. */
function Lost({ store }: { store: Store }) {
  return (
    <div class="detail" role="region" aria-label="Details">
      <div class="empty big">
        <p>
          What this link shows is not in the log any more: it keeps the newest
          500 entries since the fake was started or reset.
        </p>
        <Button onClick={() => store.choose({ entry: undefined })}>
          Show the log
        </Button>
      </div>
    </div>
  );
}

/** The keys of the page: to search, to close the details, and to step. */
function useKeys(
  store: Store,
  searchField: { current: HTMLInputElement | null },
  shown: { current: Entry[] },
) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event;
      const isTyping = target instanceof HTMLInputElement ||
        target instanceof HTMLSelectElement;
      if (key === "Escape" && store.view.entry) {
        store.choose({ entry: undefined });
      }
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (key === "/") {
        event.preventDefault();
        store.choose({ tab: "log" });
        searchField.current?.focus();
      }
      if (key === "j") store.step(shown.current, 1);
      if (key === "k") store.step(shown.current, -1);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** What a log without lines says. */
function NoLines({ store }: { store: Store }) {
  const { entries } = store.view;
  const { origin } = store.connection;
  return (
    <div class="empty floating">
      {entries.length > 0 ? <p>Nothing matches.</p> : (
        <>
          <p>Nothing has happened yet. Point a program here:</p>
          <pre
            tabIndex={0}
          >{`export TELNYX_BASE_URL=${origin}/v2\nexport TELNYX_API_KEY=any`}</pre>
        </>
      )}
    </div>
  );
}

/** Requests and webhooks as they happen, and the faults to come. */
export function LogPane({ store }: { store: Store }) {
  const { kind, search, entries, state, oldId, entry: chosen } = store.view;
  const { entry } = store;
  const searchField = useRef<HTMLInputElement>(null);
  const opener = useRef<number>();
  const shown = entries.filter((entry) => isShown(entry, kind, search))
    .slice(-maxLines).toReversed();
  const lines = useRef(shown);
  lines.current = shown;
  useKeys(store, searchField, lines);
  useEffect(() => {
    if (entry || opener.current === undefined) return;
    document.getElementById(`entry-${opener.current}`)?.focus();
    opener.current = undefined;
  }, [entry === undefined]);
  const open = (each: Entry) => {
    opener.current = each.id;
    store.choose({ entry: refTo(each) });
  };
  const problems = entries.filter(isProblem).length;
  return (
    <section class="pane log-pane" aria-label="Log">
      <Faults store={store} />
      <header class="pane-head">
        <Segments
          name="Which entries"
          all={kinds}
          chosen={kind}
          choose={(kind) => store.choose({ kind })}
          badge={(each) =>
            each === "Problems" && problems > 0 && (
              <span class="badge">{problems}</span>
            )}
        />
      </header>
      <label class="search">
        <Icon name="search" />
        <input
          ref={searchField}
          type="search"
          placeholder="Search paths, bodies, statuses"
          aria-label="Search the log"
          value={search}
          onInput={({ currentTarget }) =>
            store.choose({ search: currentTarget.value }, true)}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <div class="log-scroll">
        <ul
          class="log-list"
          style={{ height: `${Math.max(1, shown.length) * lineHeight}px` }}
        >
          {shown.map((each, i) => (
            <li
              key={each.id}
              class={each.id > oldId ? "fresh" : undefined}
              style={{ transform: `translateY(${i * lineHeight}px)` }}
            >
              <Button
                id={`entry-${each.id}`}
                class="line-button"
                onClick={() => open(each)}
              >
                <Line entry={each} />
              </Button>
            </li>
          ))}
        </ul>
        {state && shown.length === 0 && <NoLines store={store} />}
      </div>
      {entry && <Detail entry={entry} store={store} />}
      {chosen && !entry && state && <Lost store={store} />}
    </section>
  );
}
