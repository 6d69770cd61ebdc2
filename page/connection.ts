// How the page asks the fake: over HTTP, or in the page itself.
import type { Entry, ShownState } from "./types.ts";

/** What the stream tells. */
export interface Listener {
  state(state: ShownState): void;
  log(cleared: boolean, entries: Entry[]): void;
  online(isOnline: boolean): void;
}

/** Cuts the whole events off a text; returns them and what is left. */
export function cutEvents(
  text: string,
): [events: { name: string; data: string }[], rest: string] {
  const blocks = text.split("\n\n");
  const rest = blocks.pop() ?? "";
  const events = blocks.flatMap((block) => {
    const field = (name: string) =>
      block.split("\n").find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const [name, data] = [field("event"), field("data")];
    return name === undefined || data === undefined ? [] : [{ name, data }];
  });
  return [events, rest];
}

/** How long it waits before it connects again, in milliseconds. */
const againMs = 1000;

/** How the page asks the fake. */
export class Connection {
  constructor(
    /** What answers: `fetch`, or that of a fake in the page. */
    readonly fetch: (url: string, init?: RequestInit) => Promise<Response>,
    /** The address of the fake, such as `http://127.0.0.1:7070`. */
    readonly origin: string,
    /** Whether the fake is in the page. */
    readonly isInside: boolean,
  ) {}

  /** Asks a control route to do something; rejects with what was wrong. */
  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.fetch(`${this.origin}/_fake/${path}`, {
      method,
      headers: { "x-fake-rooms": "1", "content-type": "application/json" },
      ...body !== undefined && { body: JSON.stringify(body) },
    });
    const answer = await response.json();
    if (response.ok) return answer;
    throw new Error(
      typeof answer.error === "string"
        ? answer.error
        : answer.errors?.[0]?.detail ?? `Status ${response.status}`,
    );
  }

  /** Where a file can be read from. */
  async fileUrl(downloadUrl: string): Promise<string> {
    const { pathname, search } = new URL(downloadUrl);
    const path = pathname.replace(/^(\/_fake\/files)?/, "/_fake/files");
    const url = this.origin + path + search;
    if (!this.isInside) return url;
    const response = await this.fetch(url);
    return URL.createObjectURL(await response.blob());
  }

  /** Tells the listener what happens, for as long as the page is open. */
  async listen(listener: Listener): Promise<never> {
    for (;;) {
      try {
        await this.#read(listener);
      } catch {
        // It is offline
      }
      listener.online(false);
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }

  async #read(listener: Listener): Promise<void> {
    const response = await this.fetch(`${this.origin}/_fake/events`);
    const reader = response.body?.pipeThrough(new TextDecoderStream())
      .getReader();
    if (!response.ok || !reader) return;
    listener.online(true);
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const [events, rest] = cutEvents(text + value);
      text = rest;
      for (const { name, data } of events) {
        const told = JSON.parse(data);
        if (name === "state") listener.state(told);
        if (name === "log") listener.log(told.cleared, told.entries);
      }
    }
  }
}
