// What is chosen in the page, as the hash of its address: a reload, a link that is
// passed on and the browser's way back show the same.
import { type Kind, kinds } from "./log_filter.ts";

/** The parts of the page, of which a narrow screen shows one. */
export const tabs = ["rooms", "room", "log"] as const;

/** What is chosen. */
export interface Chosen {
  roomId: string | undefined;
  /** What tells an entry of the log from all others: see `refTo()`. */
  entry: string | undefined;
  tab: typeof tabs[number];
  kind: Kind;
  search: string;
}

/** What is chosen at first. */
export const nothingChosen: Chosen = {
  roomId: undefined,
  entry: undefined,
  tab: "room",
  kind: "All",
  search: "",
};

/** The hash for what is chosen, without what is so at first. */
export function toHash({ roomId, entry, tab, kind, search }: Chosen): string {
  const params = new URLSearchParams();
  if (roomId !== undefined) params.set("room", roomId);
  if (entry !== undefined) params.set("entry", entry);
  if (tab !== nothingChosen.tab) params.set("tab", tab);
  if (kind !== nothingChosen.kind) params.set("kind", kind);
  if (search !== "") params.set("search", search);
  return `#${params}`;
}

/** What a hash chooses; what it says wrongly is as at first. */
export function fromHash(hash: string): Chosen {
  const params = new URLSearchParams(hash.slice(1));
  const chosenFrom = <T extends string>(all: readonly T[], name: string) =>
    all.find((each) => each === params.get(name));
  return {
    roomId: params.get("room") || undefined,
    entry: params.get("entry") || undefined,
    tab: chosenFrom(tabs, "tab") ?? nothingChosen.tab,
    kind: chosenFrom(kinds, "kind") ?? nothingChosen.kind,
    search: params.get("search") ?? "",
  };
}
