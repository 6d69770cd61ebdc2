import { render } from "preact";
import type { Connection } from "./connection.ts";
import { AskedButton, Button, Icon } from "./controls.tsx";
import { listenToKeys, LogPane } from "./log_pane.tsx";
import { RoomPane } from "./room_pane.tsx";
import { RoomsPane } from "./rooms_pane.tsx";
import { Store } from "./store.ts";
import { clockTime } from "./words.ts";

function TopBar({ store }: { store: Store }) {
  const { state, isOnline } = store.view;
  const forward = (seconds: number, words: string) => () =>
    store.act(`The clock went forward ${words}`, "clock", { seconds });
  const isRunning = Boolean(state?.simulation);
  const simulate = () => {
    const said = `Simulation ${isRunning ? "stopped" : "started"}`;
    store.act(said, "simulation", { on: !isRunning });
  };
  return (
    <header class="top flex">
      <h1 class="unseen">Fake rooms</h1>
      <div class="brand flex">
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
      <span class={`online flex${isOnline ? "" : " off"}`} role="status">
        <span class="dot live" aria-hidden="true" />
        {isOnline ? "Live" : "Offline"}
      </span>
      <div class="clock flex" role="group" aria-label="The fake's clock">
        <time>{clockTime(store.nowMs)}</time>
        <Button class="" onClick={forward(60, "a minute")}>+1 min</Button>
        <Button class="" onClick={forward(3600, "an hour")}>+1 h</Button>
      </div>
      <div class="top-buttons flex">
        <Button
          class="button simulate"
          aria-pressed={isRunning}
          onClick={simulate}
        >
          <span class="spark" aria-hidden="true" />Simulate
        </Button>
        <AskedButton act={() => store.act("Reset", "reset")}>Reset</AskedButton>
      </div>
    </header>
  );
}

function Tabs({ store }: { store: Store }) {
  const tabs = [["rooms", "Rooms"], ["room", "Room"], ["log", "Log"]] as const;
  return (
    <nav class="tabs" aria-label="Parts of the page">
      {tabs.map(([tab, name]) => (
        <Button
          key={tab}
          class=""
          aria-current={store.view.tab === tab ? "page" : undefined}
          onClick={() => store.choose({ tab })}
        >
          <Icon name={tab} />
          {name}
        </Button>
      ))}
    </nav>
  );
}

function App({ store }: { store: Store }) {
  const { notice, tab } = store.view;
  return (
    <div class="app" data-tab={tab}>
      <TopBar store={store} />
      <main class="panes">
        <RoomsPane store={store} />
        <RoomPane store={store} />
        <LogPane store={store} />
      </main>
      <Tabs store={store} />
      <div class="notices" role="status">
        {notice && (
          <p
            key={notice.id}
            class={`notice flex${notice.isError ? " bad" : ""}`}
          >
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
  if (!root) return;
  const store = new Store(
    connection,
    () => render(<App store={store} />, root),
  );
  listenToKeys(store);
  store.show();
}
