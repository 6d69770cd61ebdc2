// What the page reads from the fake.
import type {
  Entry,
  RequestEntry,
  WebhookEntry,
} from "../lib/testing/activity.ts";
import type { ShownState } from "../lib/testing/control_state.ts";

export type { Entry, RequestEntry, ShownState, WebhookEntry };
export type ShownRoom = ShownState["rooms"][number];
export type ShownSession = ShownRoom["sessions"][number];
export type ShownPerson = ShownSession["participants"][number];
export type ShownFile =
  | ShownRoom["recordings"][number]
  | ShownRoom["compositions"][number];
