/** A raw TCP server with a path for each case: `/{number of the case}/…`. */
import { listen, onRequests } from "../support/tcp.js";
import type { Case, Outcome } from "./cases.ts";

/** The outcome of a look-up, from `playFaults()`. */
export interface Played extends Partial<Omit<Outcome, "result">> {
  result: string;
  ms: number;
  leaked?: boolean;
}

/** Far more than any call takes, also on a busy machine. */
const mostMs = 60_000;

/** What is wrong with the outcome of a case, and so many requests. */
function violations(
  { expected: { result, ...more }, requests }: Case,
  played: Played,
  seen: number,
): string[] {
  // Where runtimes differ in the result, they differ in the details
  const details = result.length > 1 ? [] : Object.entries(more);
  const wrong = details.map(([name, value]) => {
    const actual = played[name as keyof Played];
    return actual !== value && `${name} is ${actual}, not ${value}`;
  });
  return [
    !result.includes(played.result) &&
    `${played.result}, not ${result.join(" or ")}`,
    ...wrong,
    seen !== requests && `${seen} requests, not ${requests}`,
    played.leaked && "the token is shown",
    played.ms >= mostMs && `took ${played.ms} ms`,
  ].filter((violation) => typeof violation === "string");
}

/** Serves the cases on loopback, and judges what came of them. */
export async function serveCases(cases: Case[]) {
  const requests = cases.map(() => 0);
  /** Request lines that belong to no case: a redirect was followed. */
  const strays: string[] = [];
  const { port, left, close } = await listen((socket) =>
    onRequests(socket, (request: { head: string; nth: number }) => {
      if (request.nth > 0) return;
      const [line = ""] = request.head.split("\r\n");
      const [, digits] = /^GET \/(\d+)\/rooms\/[\da-f-]{36} /.exec(line) ?? [];
      const number = Number(digits);
      const { act } = cases[number] ?? {};
      if (!act) {
        strays.push(line);
        socket.end();
        return;
      }
      const earlier = requests[number] ?? 0;
      requests[number] = earlier + 1;
      void act(socket, earlier);
    })
  );
  /** What a client plays: where each case is, and the options. */
  const faults = cases.map(({ act, opts }, i) => ({
    baseUrl: `http://127.0.0.1:${act ? `${port}/${i}` : 2}`,
    opts,
  }));
  const nothing = { result: "nothing", ms: 0 };
  return {
    faults,
    requests,
    strays,
    /** What is wrong with the outcome of each case. */
    judge: (outcomes: Played[]) =>
      cases.map((fault, i) =>
        violations(fault, outcomes[i] ?? nothing, requests[i] ?? 0)
      ),
    /** How many connections are left open, after a moment. */
    left,
    close,
  };
}
