import { useEffect, useRef, useState } from "preact/hooks";
import { toCurl } from "./curl.ts";
import { presets } from "./faults.ts";
import { Icon } from "./icons.tsx";
import { isProblem, isShown, kinds } from "./log_filter.ts";
import { refTo, type Store, type View } from "./store.ts";
import type { Entry, RequestEntry, WebhookEntry } from "./types.ts";
import { clockTime, pretty, shortPath } from "./words.ts";
import { Body } from "./json.tsx";

/** How many lines are drawn, and how high each is, in pixels. */
const maxLines = 150;
const lineHeight = 52;

/** The class of a status, by its first digit. */
function tone(status: number | undefined): string {
  if (status === undefined) return "none";
  return status < 300 ? "good" : status < 500 ? "warn" : "bad";
}

/** What became of a request, in a word. */
function outcomeOf({ outcome, status }: RequestEntry): string {
  if (status !== undefined) return `${status}`;
  return outcome === "waiting" ? "…" : outcome;
}

function RequestLine({ entry }: { entry: RequestEntry }) {
  return (
    <>
      <span class={`method ${entry.method.toLowerCase()}`}>{entry.method}</span>
      <span class="what">
        <code class="path">{shortPath(entry.url)}</code>
        <span class="notes">
          <span>{clockTime(entry.at)}</span>
          {entry.ms !== undefined && <span>{entry.ms} ms</span>}
          {entry.fault !== undefined && (
            <span class="note fault">{entry.fault}</span>
          )}
          {entry.ignored.length > 0 && (
            <span class="note ignored">{entry.ignored.length} ignored</span>
          )}
        </span>
      </span>
      <span class={`status ${tone(entry.status)}`}>{outcomeOf(entry)}</span>
    </>
  );
}

function WebhookLine({ entry }: { entry: WebhookEntry }) {
  const last = entry.attempts.at(-1);
  const { context } = entry.event.payload;
  return (
    <>
      <span class={`method ${entry.urls.length > 0 ? "hook" : ""}`}>
        {entry.urls.length > 0 ? "HOOK" : "EVENT"}
      </span>
      <span class="what">
        <code class="path">
          {entry.event.event_type.replace("video.room.", "")}
        </code>
        <span class="notes">
          <span>{clockTime(entry.at)}</span>
          {typeof context === "string" && <span>{context}</span>}
          {entry.attempts.length > 1 && (
            <span class="note">{entry.attempts.length} attempts</span>
          )}
        </span>
      </span>
      <span class={`status ${last ? tone(last.status ?? 599) : "none"}`}>
        {last ? last.status ?? "failed" : entry.urls.length ? "…" : ""}
      </span>
    </>
  );
}

function Block({ title, text, store }: {
  title: string;
  text: string;
  store: Store;
}) {
  return (
    <div class="block">
      <div class="block-head">
        <h3>{title}</h3>
        <button
          type="button"
          class="icon-button"
          aria-label={`Copy: ${title}`}
          onClick={() => store.copy(title, text)}
        >
          <Icon name="copy" />
        </button>
      </div>
      <Body title={title} text={text} />
    </div>
  );
}

const headerLines = (headers: Record<string, string>) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    .join("\n");

function RequestDetail(
  { entry, store }: { entry: RequestEntry; store: Store },
) {
  return (
    <>
      {entry.note !== undefined && (
        <p class="callout bad">The request {entry.note}.</p>
      )}
      {entry.fault !== undefined && (
        <p class="callout fault">
          A fault was injected: {entry.fault}.
        </p>
      )}
      {entry.ignored.length > 0 && (
        <p class="callout ignored">
          Sent, but ignored:{" "}
          {entry.ignored.map((name) => <code key={name}>{name}</code>)}
        </p>
      )}
      <dl class="facts">
        <dt>Operation</dt>
        <dd>{entry.operation ?? "none at this address"}</dd>
        <dt>Outcome</dt>
        <dd>
          {entry.status !== undefined
            ? `${entry.status} after ${entry.ms ?? "?"} ms`
            : {
              waiting: "waits",
              left: "the client left",
              broken: "connection broken",
              answered: "",
            }[
              entry.outcome
            ]}
        </dd>
      </dl>
      {entry.body !== undefined && (
        <Block title="Request body" text={pretty(entry.body)} store={store} />
      )}
      {entry.responseBody !== undefined && (
        <Block
          title="Response body"
          text={pretty(entry.responseBody)}
          store={store}
        />
      )}
      <Block
        title="Request headers"
        text={headerLines(entry.headers)}
        store={store}
      />
      {entry.responseHeaders && (
        <Block
          title="Response headers"
          text={headerLines(entry.responseHeaders)}
          store={store}
        />
      )}
    </>
  );
}

function WebhookDetail(
  { entry, store }: { entry: WebhookEntry; store: Store },
) {
  return (
    <>
      {entry.urls.length === 0 && (
        <p class="callout">
          An event that nobody is told of: set the room's webhook_event_url, and
          start with --webhooks.
        </p>
      )}
      <dl class="facts">
        <dt>Event</dt>
        <dd>{entry.event.event_type}</dd>
        {entry.attempts.map(({ url, status }, i) => (
          <>
            <dt>Attempt {i + 1}</dt>
            <dd>
              <span class={`status ${tone(status ?? 599)}`}>
                {status ?? "failed"}
              </span>{" "}
              {url}
            </dd>
          </>
        ))}
      </dl>
      <Block
        title="Event body"
        text={JSON.stringify(entry.event, null, 2)}
        store={store}
      />
    </>
  );
}

function Detail({ entry, store }: { entry: Entry; store: Store }) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), [entry.id]);
  return (
    <div class="detail" role="region" aria-label="Details">
      <header class="detail-head">
        <button
          ref={close}
          type="button"
          class="icon-button"
          aria-label="Close the details"
          onClick={() => store.choose({ entry: undefined })}
        >
          <Icon name="back" />
        </button>
        <h2 class="path">
          {entry.kind === "request"
            ? `${entry.method} ${shortPath(entry.url)}`
            : entry.event.event_type.replace("video.room.", "")}
        </h2>
        <button
          type="button"
          class="icon-button"
          aria-label="Copy a link to this"
          title="Copy a link to this"
          onClick={() => store.copy("Link", location.href)}
        >
          <Icon name="link" />
        </button>
        {entry.kind === "request"
          ? (
            <button
              type="button"
              class="button small"
              onClick={() => store.copy("Command", toCurl(entry))}
            >
              Copy as curl
            </button>
          )
          : (
            <button
              type="button"
              class="button small"
              disabled={entry.urls.length === 0}
              onClick={() =>
                store.act(
                  "Sent again",
                  "POST",
                  `webhooks/${entry.event.id}/redeliver`,
                )}
            >
              <Icon name="again" />Send again
            </button>
          )}
      </header>
      <div class="detail-body">
        {entry.kind === "request"
          ? <RequestDetail entry={entry} store={store} />
          : <WebhookDetail entry={entry} store={store} />}
      </div>
    </div>
  );
}

function Faults({ store, view }: { store: Store; view: View }) {
  const [chosen, choose] = useState(0);
  const [times, setTimes] = useState("1");
  const planned = [
    ...view.state?.faults.map(({ fault, times }) => `${fault} × ${times}`) ??
      [],
    ...view.state?.webhookFaults.map(({ fault, times }) =>
      `webhook ${fault} × ${times}`
    ) ?? [],
  ];
  const inject = (event: Event) => {
    event.preventDefault();
    const preset = presets[chosen];
    if (!preset) return;
    store.act(`Fault planned: ${preset.name}`, "POST", preset.path, {
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
        {planned.length === 0
          ? <span class="faint">No faults to come</span>
          : (
            <>
              {planned.slice(0, 2).map((words, i) => (
                <span key={i} class="note fault">{words}</span>
              ))}
              {planned.length > 2 && (
                <span class="faint">+{planned.length - 2}</span>
              )}
              <button
                type="button"
                class="link"
                onClick={() => store.act("Faults cleared", "DELETE", "faults")}
              >
                Clear
              </button>
            </>
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
        <button
          type="button"
          class="button"
          onClick={() => store.choose({ entry: undefined })}
        >
          Show the log
        </button>
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

/** Requests and webhooks as they happen, and the faults to come. */
export function LogPane({ store, view }: { store: Store; view: View }) {
  const { kind, search } = view;
  const searchField = useRef<HTMLInputElement>(null);
  const opener = useRef<number>();
  const matching = view.entries.filter((entry) => isShown(entry, kind, search));
  const shown = matching.slice(-maxLines).toReversed();
  const lines = useRef(shown);
  lines.current = shown;
  useKeys(store, searchField, lines);
  const entry = store.entry;
  useEffect(() => {
    if (entry || opener.current === undefined) return;
    document.getElementById(`entry-${opener.current}`)?.focus();
    opener.current = undefined;
  }, [entry === undefined]);
  const open = (each: Entry) => {
    opener.current = each.id;
    store.choose({ entry: refTo(each) });
  };
  const problems = view.entries.filter(isProblem).length;
  return (
    <section class="pane log-pane" aria-label="Log">
      <Faults store={store} view={view} />
      <header class="pane-head">
        <div class="segments" role="group" aria-label="Which entries">
          {kinds.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={kind === each}
              onClick={() => store.choose({ kind: each })}
            >
              {each}
              {each === "Problems" && problems > 0 && (
                <span class="badge">{problems}</span>
              )}
            </button>
          ))}
        </div>
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
              class={each.id > view.oldId ? "fresh" : undefined}
              style={{ transform: `translateY(${i * lineHeight}px)` }}
            >
              <button
                type="button"
                id={`entry-${each.id}`}
                class="line-button"
                onClick={() => open(each)}
              >
                {each.kind === "request"
                  ? <RequestLine entry={each} />
                  : <WebhookLine entry={each} />}
              </button>
            </li>
          ))}
        </ul>
        {view.state && shown.length === 0 && (
          <div class="empty floating">
            {view.entries.length > 0 ? <p>Nothing matches.</p> : (
              <>
                <p>Nothing has happened yet. Point a program here:</p>
                <pre
                  tabIndex={0}
                >{`export TELNYX_BASE_URL=${store.connection.origin}/v2\nexport TELNYX_API_KEY=any`}</pre>
              </>
            )}
          </div>
        )}
      </div>
      {entry && <Detail entry={entry} store={store} />}
      {view.entry && !entry && view.state && <Lost store={store} />}
    </section>
  );
}
