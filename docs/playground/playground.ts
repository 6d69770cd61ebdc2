/// <reference lib="dom" />
/** The page's shell: reads the form, makes the call, and shows the result. */
import {
  type AttemptEvent,
  createJoinToken,
  createRoom,
  endSession,
  getRoom,
  type JoinToken,
  type Room,
  updateRoom,
} from "@videorooms/telnyx";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { type Attempt, attemptChart, attemptWords } from "./attempts.ts";
import { drawAttempts } from "./charts.ts";
import {
  callArguments,
  type CallName,
  type Choice,
  codeLine,
} from "./calls.ts";
import { byId, html } from "./element.ts";
import { failureView } from "./failure.ts";
import { faults } from "./faults.ts";
import { failureElements, roomView, tokenView } from "./outcome.ts";
import { choices, isLive, newcomer, sampleRooms, summary } from "./rooms.ts";
import { duration, plural } from "./units.ts";

/** How often a running attempt is redrawn, unless reduced motion is preferred. */
const frameMs = 80;

/** How many requests can be given a fault. */
const faultyRequests = 3;

const fake = fakeRooms({ rooms: sampleRooms(Date.now()) });
const roomOf = (id: string): Room | undefined =>
  fake.rooms.find((room) => room.id === id);

/** The last token minted for each room, by the room's id. */
const tokens = new Map<string, string>();

const form = byId("call", HTMLFormElement);
const sendButton = byId("send", HTMLButtonElement);
const abortButton = byId("abort", HTMLButtonElement);
const copyButton = byId("copy", HTMLButtonElement);
const status = byId("status", HTMLOutputElement);
const changed = byId("changed", HTMLElement);
const code = byId("code", HTMLElement);
const outcome = byId("outcome-body", HTMLElement);
const chart = byId("attempt-chart", HTMLElement);
const attemptRows = byId("attempts", HTMLTableSectionElement);
const requests = byId("requests", HTMLPreElement);
const name = byId("name", HTMLInputElement);
const includeSessions = byId("include-sessions", HTMLInputElement);
const timeout = byId("timeout", HTMLInputElement);
const attemptTimeout = byId("attempt-timeout", HTMLInputElement);
const maxAttempts = byId("max-attempts", HTMLSelectElement);

/** Aborts the call in progress, if there is one. */
let running: AbortController | undefined;

/** A radio button for a room. */
function roomElement(
  { id, name }: { id: string; name: string },
  checked: boolean,
): HTMLElement {
  return html(
    "label",
    { class: "room" },
    html("input", { type: "radio", name: "room", value: id, checked }),
    html("span", { class: "name" }, name),
    html("span", { class: "hint", "data-room": id }),
  );
}

const rooms = byId("rooms", HTMLElement);
rooms.append(...choices.map((choice, i) => roomElement(choice, i === 0)));

const faultSelects = Array.from({ length: faultyRequests }, (_, i) =>
  html(
    "select",
    { id: `fault-${i + 1}` },
    html("option", { value: "" }, "no fault"),
    ...Object.entries(faults).map(([value, { label }]) =>
      html("option", { value }, label)
    ),
  ));
byId("faults", HTMLElement).append(
  ...faultSelects.map((select, i) =>
    html("label", {}, html("span", {}, `Request ${i + 1}`), select)
  ),
);

/** The value of the checked radio button. */
function chosen(group: "room" | "call"): string {
  return String(new FormData(form).get(group));
}

/** The number in a field of milliseconds; the module checks it. */
function milliseconds({ value }: HTMLInputElement): number | undefined {
  return value.trim() === "" ? undefined : Number(value);
}

function readChoice(): Choice {
  return {
    call: chosen("call") as CallName,
    id: chosen("room"),
    name: name.value,
    includeSessions: includeSessions.checked,
    timeoutMs: milliseconds(timeout),
    attemptTimeoutMs: milliseconds(attemptTimeout),
    maxAttempts: Number(maxAttempts.value),
  };
}

function showChoice(): void {
  code.textContent = codeLine(readChoice());
  copyButton.textContent = "Copy";
}

/** Shows the state of every room, and adds rooms created meanwhile. */
function showRooms(): void {
  for (const { id, unique_name } of fake.rooms) {
    if (!form.querySelector(`[data-room="${id}"]`)) {
      rooms.append(roomElement({ id, name: unique_name || id }, false));
    }
  }
  for (const hint of form.querySelectorAll<HTMLElement>("[data-room]")) {
    const { room: id = "" } = hint.dataset;
    hint.textContent = id === "stand-up"
      ? "rejected before it is sent"
      : summary(roomOf(id));
  }
}

/** Shows every request so far, scrolled to the last. */
function showRequests(): void {
  requests.textContent = fake.requests.map(({ method, url, status, body }) => {
    const { pathname, search } = new URL(url);
    return [status ?? "---", method, pathname + search, body ?? ""]
      .join(" ").trim();
  }).join("\n");
  requests.scrollTop = requests.scrollHeight;
}

/** The fake's `fetch`; also shows each request. */
const fetchAndShow: typeof fake.fetch = (input, init) => {
  setTimeout(showRequests); // by then, the fake has recorded it
  return fake.fetch(input, init).finally(showRequests);
};

function showAttempts(attempts: readonly Attempt[], nowMs: number): void {
  const rows = Number(maxAttempts.value);
  chart.replaceChildren(drawAttempts(attemptChart(attempts, nowMs), rows));
  attemptRows.replaceChildren(
    ...Array.from({ length: rows }, (_, i) => {
      const attempt = attempts[i];
      const { result, took, next } = attemptWords(attempt);
      return html(
        "tr",
        { class: attempt ? "made" : "hint" },
        html("th", { scope: "row" }, String(i + 1)),
        html("td", {}, result),
        html("td", {}, took),
        html("td", {}, next),
      );
    }),
  );
}

/** Buttons are never `disabled`: they would lose the keyboard focus. */
function setRunning(controller: AbortController | undefined): void {
  running = controller;
  const busy = controller !== undefined;
  sendButton.setAttribute("aria-disabled", String(busy));
  abortButton.setAttribute("aria-disabled", String(!busy));
  maxAttempts.disabled = busy;
}

const calls = { getRoom, createRoom, createJoinToken };

/** Shows the result of a call, and returns it in a few words. */
function showResult({ call, id }: Choice, result: Room | JoinToken): string {
  if ("token" in result) {
    tokens.set(id, result.token);
    outcome.replaceChildren(...tokenView(result));
    return "Minted a token";
  }
  outcome.replaceChildren(...roomView(result, Date.now()));
  const name = result.unique_name || result.id;
  if (call === "getRoom") {
    return `Found ${name}: ${isLive(result) ? "in session" : "idle"}`;
  }
  showRooms();
  const radio = form.querySelector<HTMLElement>(`[value="${result.id}"]`);
  radio?.click(); // updates the code, too
  return `Created ${name}`;
}

async function send(): Promise<void> {
  const controller = new AbortController();
  setRunning(controller);
  const choice = readChoice();
  const plannedFaults = faultSelects.map(({ value }) => faults[value]);
  const attempts: Attempt[] = [];
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  const show = () => showAttempts(attempts, elapsedMs());

  /** Sets the fault of each request just before it is sent. */
  const fetchFn = (url: string, init: RequestInit) => {
    const number = attempts.length + 1;
    const fault = plannedFaults[number - 1]?.fault(
      choice.id,
      roomOf(choice.id),
    );
    if (fault) fake.fault(fault);
    attempts.push({ number, startedMs: elapsedMs() });
    status.textContent = `Attempt ${number} is running.`;
    show();
    return fetchAndShow(url, init);
  };
  const onAttempt = (event: AttemptEvent) => {
    const attempt = attempts.at(-1);
    if (attempt) attempt.ended = event;
    const { result, took, next } = attemptWords(attempt);
    status.textContent =
      `Attempt ${event.attempt}: ${result}, ${took}; ${next}.`;
    show();
  };

  status.textContent = "Calling.";
  outcome.replaceChildren(html("p", { class: "hint" }, "Calling …"));
  show();
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const redrawing = reducedMotion ? undefined : setInterval(show, frameMs);
  let message: string;
  try {
    const [argument, options] = callArguments(choice);
    const opts = { ...options, signal: controller.signal, onAttempt };
    // callArguments() returns the argument that this function takes
    const result = await calls[choice.call](
      fetchFn,
      "any",
      argument as never,
      opts,
    );
    message = showResult(choice, result);
  } catch (thrown) {
    const last = attempts.at(-1);
    if (last && !last.ended) last.abortedMs = elapsedMs();
    const view = failureView(thrown);
    outcome.replaceChildren(...failureElements(view));
    message = view.code ? `Failed: ${view.code}` : "Aborted";
  } finally {
    clearInterval(redrawing);
    show();
    showRooms();
    setRunning(undefined);
  }
  status.textContent = `${message}. ${total(attempts, elapsedMs())}.`;
}

function total(attempts: readonly Attempt[], ms: number): string {
  return `${plural(attempts.length, "attempt")}, ${duration(ms)}`;
}

/** What others do in a room; each returns what happened, in words. */
const changes: Record<string, (room: Room) => string | Promise<string>> = {
  join(room) {
    const token = tokens.get(room.id);
    const context = newcomer(room);
    fake.join(room.id, { context, ...token === undefined ? {} : { token } });
    return `${context} has joined${token ? " with the token" : ""}`;
  },
  leave({ id }) {
    const [person] = fake.present(id);
    if (!person) return "Nobody is in the room";
    fake.leave(person.id);
    return `${person.context} has left`;
  },
  async end({ active_session_id }) {
    if (!active_session_id) return "Nobody is in the room";
    await endSession(fetchAndShow, "any", active_session_id);
    return "The session has ended";
  },
  async record({ id, enable_recording: was }) {
    await updateRoom(fetchAndShow, "any", id, { enable_recording: !was });
    return `Recording is ${was ? "off" : "on"}`;
  },
};

async function change(name: string): Promise<void> {
  const room = roomOf(chosen("room"));
  changed.textContent = !room
    ? "This room does not exist."
    : await Promise.resolve(room).then(changes[name])
      .then((message) => `${message}. Look up the room to see it.`, (error) =>
        error.message);
  showRooms();
}

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    copyButton.textContent = "Copied";
  } catch {
    // The browser may forbid it: select the code, for the user to copy
    getSelection()?.selectAllChildren(code);
    copyButton.textContent = "Selected";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!running) send();
});
form.addEventListener("input", (event) => {
  showChoice();
  changed.textContent = "";
  if (event.target === maxAttempts) showAttempts([], 0);
});
abortButton.addEventListener("click", () => running?.abort());
copyButton.addEventListener("click", copy);
for (const button of form.querySelectorAll<HTMLElement>("[data-change]")) {
  button.addEventListener("click", () => change(button.dataset.change ?? ""));
}

showRooms();
showChoice();
showAttempts([], 0);
status.textContent = "Ready.";
