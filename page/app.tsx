import { render } from "preact";
import { AskedButton } from "./asked_button.tsx";
import type { Connection } from "./connection.ts";
import { Icon } from "./icons.tsx";
import { LogPane } from "./log_pane.tsx";
import { RoomPane } from "./room_pane.tsx";
import { RoomsPane } from "./rooms_pane.tsx";
import { Store, useNow, useView, type View } from "./store.ts";
import { clockTime } from "./words.ts";

function TopBar({ store, view }: { store: Store; view: View }) {
  const { state, isOnline } = view;
  const nowMs = useNow(state?.aheadMs ?? 0);
  const forward = (seconds: number, words: string) => () =>
    store.act(`The clock went forward ${words}`, "POST", "clock", { seconds });
  const isRunning = Boolean(state?.simulation);
  return (
    <header class="top">
      <h1 class="unseen">Fake rooms</h1>
      <div class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="9" />
          <path d="M9 10.500A2.500 2.500 0 0 1 11.500 8h6a2.500 2.500 0 0 1 2.500 2.500v11a2.500 2.500 0 0 1-2.500 2.500h-6A2.500 2.500 0 0 1 9 21.500z" />
          <path class="waves" d="M23 12v8M26.500 14.500v3" />
        </svg>
        <span class="brand-name">
          Fake rooms
          <span class="faint where">
            {store.connection.isInside
              ? "in this page"
              : store.connection.origin.replace("http://", "")}
          </span>
        </span>
      </div>
      <span
        class={`online${isOnline ? "" : " off"}`}
        role="status"
      >
        <span class="dot live" aria-hidden="true" />
        {isOnline ? "Live" : "Offline"}
      </span>
      <div class="clock" role="group" aria-label="The fake's clock">
        <time>{clockTime(nowMs)}</time>
        <button type="button" onClick={forward(60, "a minute")}>+1 min</button>
        <button type="button" onClick={forward(3600, "an hour")}>+1 h</button>
      </div>
      <div class="top-buttons">
        <button
          type="button"
          class="button simulate"
          aria-pressed={isRunning}
          onClick={() =>
            store.act(
              isRunning ? "Simulation stopped" : "Simulation started",
              "POST",
              "simulation",
              { on: !isRunning },
            )}
        >
          <span class="spark" aria-hidden="true" />Simulate
        </button>
        <AskedButton act={() => store.act("Reset", "POST", "reset")}>
          Reset
        </AskedButton>
      </div>
    </header>
  );
}

function Tabs({ store, view }: { store: Store; view: View }) {
  const tabs = [["rooms", "Rooms"], ["room", "Room"], ["log", "Log"]] as const;
  return (
    <nav class="tabs" aria-label="Parts of the page">
      {tabs.map(([tab, name]) => (
        <button
          key={tab}
          type="button"
          aria-current={view.tab === tab ? "page" : undefined}
          onClick={() => store.choose({ tab })}
        >
          <Icon name={tab} />
          {name}
        </button>
      ))}
    </nav>
  );
}

function App({ store }: { store: Store }) {
  const view = useView(store);
  const { notice } = view;
  return (
    <div class="app" data-tab={view.tab}>
      <TopBar store={store} view={view} />
      <main class="panes">
        <RoomsPane store={store} view={view} />
        <RoomPane store={store} view={view} />
        <LogPane store={store} view={view} />
      </main>
      <Tabs store={store} view={view} />
      <div class="notices" role="status">
        {notice && (
          <p key={notice.id} class={`notice${notice.isError ? " bad" : ""}`}>
            <Icon name={notice.isError ? "bolt" : "check"} />
            {notice.text}
          </p>
        )}
      </div>
    </div>
  );
}

/** Shows the page. */
export function show(connection: Connection): void {
  const root = document.getElementById("app");
  if (root) render(<App store={new Store(connection)} />, root);
}
