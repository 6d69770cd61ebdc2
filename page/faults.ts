// The faults that the page offers.

/** A fault, by what a client meets. */
export interface Preset {
  name: string;
  about: string;
  /** The route, and its body. */
  path: "faults" | "webhook-faults";
  body: Record<string, unknown>;
}

const ofRequests: [name: string, about: string, body: Preset["body"]][] = [
  ["503 Unavailable", "an error that a retry gets over", { status: 503 }],
  ["429 Too many requests", "with Retry-After: 2", {
    status: 429,
    headers: { "retry-after": "2" },
  }],
  ["401 Unauthorized", "as if the API key were revoked", { status: 401 }],
  ["Slow, 3 s", "the response comes late", { delayMs: 3000 }],
  ["No response", "until the client gives up", { delayMs: "forever" }],
  ["Connection breaks", "before the response", {
    disconnect: "before-response",
  }],
  ["Breaks in the body", "after half of it", { disconnect: "in-body" }],
  ["Stalled body", "half of it, and then nothing", { bodyDelayMs: "forever" }],
  ["Not JSON", "the page of a proxy", {
    status: 200,
    body: "<html>Bad gateway</html>",
  }],
];
const ofWebhooks: typeof ofRequests = [
  ["Webhook twice", "the same event again", { fault: "duplicate" }],
  ["Webhooks swapped", "one after the next", { fault: "reorder" }],
];

const at = (path: Preset["path"], all: typeof ofRequests): Preset[] =>
  all.map(([name, about, body]) => ({ name, about, path, body }));

export const presets: readonly Preset[] = [
  ...at("faults", ofRequests),
  ...at("webhook-faults", ofWebhooks),
];
