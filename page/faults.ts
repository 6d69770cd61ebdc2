// The faults that the page offers.

/** A fault, by what a client meets. */
export interface Preset {
  name: string;
  about: string;
  /** The route, and its body. */
  path: "faults" | "webhook-faults";
  body: Record<string, unknown>;
}

export const presets: readonly Preset[] = [
  {
    name: "503 Unavailable",
    about: "an error that a retry gets over",
    path: "faults",
    body: { status: 503 },
  },
  {
    name: "429 Too many requests",
    about: "with Retry-After: 2",
    path: "faults",
    body: { status: 429, headers: { "retry-after": "2" } },
  },
  {
    name: "401 Unauthorized",
    about: "as if the API key were revoked",
    path: "faults",
    body: { status: 401 },
  },
  {
    name: "Slow, 3 s",
    about: "the response comes late",
    path: "faults",
    body: { delayMs: 3000 },
  },
  {
    name: "No response",
    about: "until the client gives up",
    path: "faults",
    body: { delayMs: "forever" },
  },
  {
    name: "Connection breaks",
    about: "before the response",
    path: "faults",
    body: { disconnect: "before-response" },
  },
  {
    name: "Breaks in the body",
    about: "after half of it",
    path: "faults",
    body: { disconnect: "in-body" },
  },
  {
    name: "Stalled body",
    about: "half of it, and then nothing",
    path: "faults",
    body: { bodyDelayMs: "forever" },
  },
  {
    name: "Not JSON",
    about: "the page of a proxy",
    path: "faults",
    body: { status: 200, body: "<html>Bad gateway</html>" },
  },
  {
    name: "Webhook twice",
    about: "the same event again",
    path: "webhook-faults",
    body: { fault: "duplicate" },
  },
  {
    name: "Webhooks swapped",
    about: "one after the next",
    path: "webhook-faults",
    body: { fault: "reorder" },
  },
];
