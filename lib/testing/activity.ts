// The newest requests and webhooks, as a person looks at them: bounded, without
// API keys, and with a number that grows with every change.
import { ignoredOf } from "./ignored.ts";
import type { Fault } from "./faults.ts";
import type { FakeRequest, Observer } from "./log.ts";
import { findRoute } from "./routes.ts";
import type { FakeWebhook } from "./webhooks.ts";

/** What every entry has. */
interface EntryBase {
  /** Counts from 1. */
  id: number;
  /** Grows with every change of any entry. */
  revision: number;
  /** When it began, in milliseconds since the epoch. */
  at: number;
}

/** A request, and what became of it. */
export interface RequestEntry extends EntryBase {
  kind: "request";
  method: string;
  url: string;
  /** The operation's method and path; absent if there is none. */
  operation?: string;
  /** Without the API key. */
  headers: Record<string, string>;
  body?: string;
  /** `"waiting"` for the response, or what became of it. */
  outcome: "waiting" | "answered" | "broken" | "left";
  status?: number;
  responseHeaders?: Record<string, string>;
  responseBody?: string;
  /** How long the response took, in milliseconds. */
  ms?: number;
  /** The fault that was injected into it, in words. */
  fault?: string;
  /** The parameters and fields that were sent and that nobody reads. */
  ignored: string[];
  /** What else is wrong with it. */
  note?: string;
}

/** An event, and its deliveries. */
export interface WebhookEntry extends EntryBase, FakeWebhook {
  kind: "webhook";
}

/** A line of the log. */
export type Entry = RequestEntry | WebhookEntry;

/** How many entries are kept, and how much of a body. */
export const maxEntries = 500;
const maxBodyCharacters = 32_768;

/** A text, cut off where it is too long to be shown. */
function cut(text: string): string {
  if (text.length <= maxBodyCharacters) return text;
  return `${text.slice(0, maxBodyCharacters)}\n… ${
    text.length - maxBodyCharacters
  } more characters`;
}

/** Headers without what is a secret. */
function shownHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) =>
      /^(proxy-)?authorization$|^cookie$|key/.test(name)
        ? [name, value.replace(/^(\w+ +)?.*$/s, "$1[redacted]")]
        : [name, value]
    ),
  );
}

/** A fault in words, or undefined for none. */
export function faultWords(fault: Fault): string | undefined {
  const { status, delayMs, bodyDelayMs, disconnect, body } = fault;
  const words = [
    status !== undefined && `status ${status}`,
    delayMs !== undefined &&
    (delayMs === Infinity ? "no response" : `${delayMs} ms late`),
    bodyDelayMs !== undefined &&
    (bodyDelayMs === Infinity ? "stalled body" : `body ${bodyDelayMs} ms late`),
    disconnect === "before-response" && "connection broken",
    disconnect === "in-body" && "connection broken in the body",
    fault.headers !== undefined && "other headers",
    body !== undefined && "another body",
    fault.ignoreRange === true && "range ignored",
    fault.changed === true && "changed file",
  ].filter((word) => typeof word === "string");
  return words.length > 0 ? words.join(", ") : undefined;
}

/** What the log shows, and who is told that it has changed. */
export class Activity {
  /** The newest entries, the oldest first. */
  readonly entries: Entry[] = [];
  /** The revision of the newest change. */
  revision = 0;
  /** How often it was cleared. */
  clears = 0;
  readonly #listeners = new Set<() => void>();
  #lastId = 0;

  constructor(private readonly now: () => number) {}

  /** Calls a function after every change; returns what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Says that something has changed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Is told of every request. */
  readonly observer: Observer = (request, fault, signal) => {
    const entry = this.addRequest(request);
    const start = performance.now();
    const words = faultWords(fault);
    if (words !== undefined) entry.fault = words;
    if (fault.disconnect === "before-response") entry.outcome = "broken";
    const leave = () => {
      if (entry.outcome !== "waiting") return;
      entry.outcome = "left";
      this.#touch(entry);
    };
    signal?.addEventListener("abort", leave);
    return ({ status, headers, body }) => {
      signal?.removeEventListener("abort", leave);
      const text = typeof body === "string" ? body : JSON.stringify(body);
      entry.outcome = "answered";
      entry.status = status;
      entry.ms = Math.round((performance.now() - start) * 10) / 10;
      entry.responseHeaders = headers;
      if (text !== undefined) entry.responseBody = cut(text);
      if (request.note !== undefined) entry.note = request.note;
      this.#touch(entry);
    };
  };

  /** Adds a request. */
  addRequest(request: FakeRequest): RequestEntry {
    const { method, url, headers, body, status, note } = request;
    const operation = findRoute(request)?.operation;
    const entry: RequestEntry = {
      kind: "request",
      id: ++this.#lastId,
      revision: 0,
      at: this.now(),
      method,
      url,
      ...operation && { operation: `${operation.method} ${operation.path}` },
      headers: shownHeaders(headers),
      ...body !== undefined && { body: cut(body) },
      outcome: status === undefined ? "waiting" : "answered",
      ...status !== undefined && { status },
      ignored: ignoredOf(request),
      ...note !== undefined && { note },
    };
    this.#add(entry);
    return entry;
  }

  /** Adds a webhook, or says that it has changed. */
  webhook(webhook: FakeWebhook): void {
    const { event, urls, attempts } = webhook;
    const known = this.entries.findLast((entry) =>
      entry.kind === "webhook" && entry.attempts === attempts
    );
    if (known) return this.#touch(known);
    const entry: WebhookEntry = {
      kind: "webhook",
      id: ++this.#lastId,
      revision: 0,
      at: Date.parse(event.occurred_at),
      event,
      urls,
      attempts,
    };
    this.#add(entry);
  }

  /** Forgets every entry. */
  clear(): void {
    this.entries.length = 0;
    this.clears++;
    this.changed();
  }

  #add(entry: Entry): void {
    this.entries.push(entry);
    if (this.entries.length > maxEntries) this.entries.shift();
    this.#touch(entry);
  }

  #touch(entry: Entry): void {
    entry.revision = ++this.revision;
    this.changed();
  }
}
