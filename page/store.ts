// What the page knows, and what it has chosen.
import type { Connection } from "./connection.ts";
import { type Chosen, fromHash, nothingChosen, toHash } from "./link.ts";
import { isShown } from "./log_filter.ts";
import type { Entry, ShownRoom, ShownState } from "./types.ts";

/** How many entries the page keeps, and how many of them the log shows. */
const maxEntries = 500;
const maxShown = 150;

/** What the page shows. */
export interface View extends Chosen {
  state: ShownState | undefined;
  entries: Entry[];
  isOnline: boolean;
  /** What has just been done, or went wrong. */
  notice: { text: string; isError: boolean; id: number } | undefined;
  /** The last entry that was there before the page looked. */
  oldId: number;
}

/** What tells an entry from all others, those of another run of the fake too. */
export const refTo = ({ id, at }: Entry) => `${id}.${Math.floor(at)}`;

/** Keeps what the page shows, and does what it is told to. */
export class Store {
  view: View = {
    ...fromHash(location.hash),
    state: undefined,
    entries: [],
    isOnline: false,
    notice: undefined,
    oldId: Infinity,
  };
  #notices = 0;

  constructor(
    readonly connection: Connection,
    /** Shows the page again. */
    readonly show: () => void,
  ) {
    setInterval(show, 1000); // the fake's clock, and how long all has been so
    // The browser's way back and forth, or another link
    addEventListener("popstate", () => {
      const chosen = fromHash(location.hash);
      const [first] = this.view.state?.rooms ?? [];
      this.change({ ...chosen, roomId: chosen.roomId ?? first?.id });
    });
    connection.listen({
      state: (state) => {
        const { roomId } = this.view;
        const isThere = state.rooms.some(({ id }) => id === roomId);
        const isLost = roomId !== undefined && !isThere && !this.view.state;
        this.change({ state, roomId: isThere ? roomId : state.rooms[0]?.id });
        if (isLost) this.say("The room of this link is not here", true);
      },
      log: (cleared, entries) => {
        const known = new Map(
          cleared ? [] : this.view.entries.map((entry) => [entry.id, entry]),
        );
        for (const entry of entries) known.set(entry.id, entry);
        this.change({
          entries: [...known.values()].slice(-maxEntries),
          ...cleared && { oldId: entries.at(-1)?.id ?? 0 },
        });
      },
      online: (isOnline) => this.change({ isOnline }),
    });
  }

  /** Changes what is shown. */
  change(changes: Partial<View>): void {
    this.view = { ...this.view, ...changes };
    this.show();
  }

  /** The fake's time, in milliseconds since the epoch. */
  get nowMs(): number {
    return Date.now() + (this.view.state?.aheadMs ?? 0);
  }

  /** The chosen room. */
  get room(): ShownRoom | undefined {
    const { state, roomId } = this.view;
    return state?.rooms.find(({ id }) => id === roomId);
  }

  /**
   * Chooses what is shown, which the page's address tells from then on. One of many
   * changes, as when it is typed, is no step for the browser's way back.
   */
  choose(chosen: Partial<Chosen>, isTyped = false): void {
    this.change(chosen);
    const hash = toHash(this.view);
    if (hash === location.hash) return;
    if (isTyped) history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
  }

  /** Shows the log of a room alone. */
  showLog(roomId: string): void {
    const { kind } = nothingChosen;
    this.choose({ tab: "log", search: roomId, kind, entry: undefined });
  }

  /** The chosen entry of the log; undefined if there is none, or no more. */
  get entry(): Entry | undefined {
    const { entry, entries } = this.view;
    return entries.find((each) => refTo(each) === entry);
  }

  /** The entries that the log shows, the newest first. */
  get shown(): Entry[] {
    const { entries, kind, search } = this.view;
    return entries.filter((entry) => isShown(entry, kind, search))
      .slice(-maxShown).toReversed();
  }

  /** Chooses the next entry that is shown, or the one before. */
  step(by: 1 | -1): void {
    const { entry } = this.view;
    const at = this.shown.findIndex((each) => refTo(each) === entry);
    const next = this.shown[at + by];
    if (at >= 0 && next) this.choose({ entry: refTo(next) }, true);
  }

  /** Says something for a while. */
  say(text: string, isError = false): void {
    const id = ++this.#notices;
    this.change({ notice: { text, isError, id } });
    setTimeout(() => {
      if (this.view.notice?.id === id) this.change({ notice: undefined });
    }, isError ? 6000 : 2500);
  }

  /** Does something by a route, and says what. */
  async act(said: string, path: string, body?: unknown, method = "POST") {
    try {
      await this.connection.send(method, path, body);
      this.say(said);
    } catch (error) {
      this.say(error instanceof Error ? error.message : `${error}`, true);
    }
  }

  async copy(what: string, text: string) {
    try {
      await navigator.clipboard.writeText(text);
      this.say(`${what} copied`);
    } catch {
      this.say("The browser does not let this page copy", true);
    }
  }

  /** Sends a request as a client does, to see it in the log. */
  async lookUp(roomId: string) {
    const { fetch, origin } = this.connection;
    const url = `${origin}/v2/rooms/${roomId}?include_sessions=true`;
    try {
      const response = await fetch(url, {
        headers: { authorization: "Bearer page" },
        signal: AbortSignal.timeout(10_000),
      });
      await response.text();
      this.say(`GET /v2/rooms/… was answered with ${response.status}`);
    } catch (error) {
      const isLate = error instanceof Error && error.name === "TimeoutError";
      const what = isLate ? "had no whole response within 10 s" : "broke";
      this.say(`GET /v2/rooms/… ${what}`, true);
    }
  }
}
