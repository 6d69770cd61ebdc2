import { useEffect, useRef } from "preact/hooks";
import { Button, Icon, IconButton, Segments } from "./controls.tsx";
import { toCurl } from "./curl.ts";
import { detailsOf, Line } from "./entry.tsx";
import { presets } from "./faults.ts";
import { Body } from "./json.tsx";
import { isProblem, kinds } from "./log_filter.ts";
import { refTo, type Store } from "./store.ts";
import type { Entry } from "./types.ts";

/** How high a line is, in pixels. */
const lineHeight = 52;

function Detail({ entry, store }: { entry: Entry; store: Store }) {
  const head = useRef<HTMLElement>(null);
  useEffect(() => head.current?.querySelector("button")?.focus(), [entry.id]);
  const { heading, callouts, facts, texts } = detailsOf(entry);
  return (
    <div class="detail" role="region" aria-label="Details">
      <header class="detail-head flex" ref={head}>
        <IconButton
          icon="back"
          label="Close the details"
          onClick={() => store.choose({ entry: undefined })}
        />
        <h2 class="path cut">{heading}</h2>
        <IconButton
          icon="link"
          label="Copy a link to this"
          title="Copy a link to this"
          onClick={() => store.copy("Link", location.href)}
        />
        <Button
          class="button small"
          disabled={entry.kind === "webhook" && entry.urls.length === 0}
          onClick={() =>
            entry.kind === "request"
              ? store.copy("Command", toCurl(entry))
              : store.act("Sent again", `webhooks/${entry.event.id}/redeliver`)}
        >
          {entry.kind === "request"
            ? "Copy as curl"
            : [<Icon key="icon" name="again" />, "Send again"]}
        </Button>
      </header>
      <div class="detail-body scroll">
        {callouts.map(([tone, words]) => (
          <p key={tone} class={`callout ${tone}`}>{words}</p>
        ))}
        <dl class="facts">
          {facts.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
        {Object.entries(texts).map(([title, text]) =>
          text !== undefined && (
            <div class="block" key={title}>
              <div class="spread">
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
  const { faults = [], webhookFaults = [] } = store.view.state ?? {};
  const planned = [
    ...faults.map(({ fault, times }) => `${fault} × ${times}`),
    ...webhookFaults.map(({ fault, times }) => `webhook ${fault} × ${times}`),
  ];
  const inject = (form: FormData) => {
    const preset = presets[Number(form.get("fault"))];
    if (!preset) return;
    const times = form.get("times");
    store.act(`Fault planned: ${preset.name}`, preset.path, {
      ...preset.body,
      times: times === "always" ? times : Number(times),
    });
  };
  return (
    <section class="faults" aria-label="Faults">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          inject(new FormData(event.currentTarget));
        }}
      >
        <Icon name="bolt" />
        <select name="fault" aria-label="Fault">
          {presets.map(({ name, about }, i) => (
            <option key={name} value={i} title={about}>{name}</option>
          ))}
        </select>
        <select name="times" aria-label="How often">
          {["1", "2", "3", "5", "10", "always"].map((each) => (
            <option key={each} value={each}>
              {each === "always" ? each : `next ${each}`}
            </option>
          ))}
        </select>
        <button type="submit" class="button fault-button">Inject</button>
      </form>
      <div class="planned flex cut">
        {planned.slice(0, 2).map((words, i) => (
          <span key={i} class="note fault cut">{words}</span>
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
export function listenToKeys(store: Store): void {
  addEventListener("keydown", (event) => {
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
      document.getElementById("log-search")?.focus();
    }
    if (key === "j") store.step(1);
    if (key === "k") store.step(-1);
  });
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
  const { entry, shown } = store;
  const opener = useRef<number>();
  useEffect(() => {
    if (entry || opener.current === undefined) return;
    document.getElementById(`entry-${opener.current}`)?.focus();
    opener.current = undefined;
  }, [entry === undefined]);
  const open = (each: Entry) => {
    opener.current = each.id;
    store.choose({ entry: refTo(each) });
  };
  return (
    <section class="pane log-pane" aria-label="Log">
      <Faults store={store} />
      <header class="pane-head spread">
        <Segments
          name="Which entries"
          all={kinds}
          chosen={kind}
          choose={(kind) => store.choose({ kind })}
          badges={{ Problems: entries.filter(isProblem).length }}
        />
      </header>
      <label class="search">
        <Icon name="search" />
        <input
          id="log-search"
          type="search"
          placeholder="Search paths, bodies, statuses"
          aria-label="Search the log"
          value={search}
          onInput={({ currentTarget }) =>
            store.choose({ search: currentTarget.value }, true)}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <div class="log-scroll scroll">
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
