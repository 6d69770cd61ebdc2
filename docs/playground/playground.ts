/// <reference lib="dom" />
/** The page's shell: reads what was chosen, looks up, and shows what comes. */
import { type AttemptEvent, getRoom, type Room } from "@videorooms/telnyx";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { type Attempt, attemptChart, attemptWords } from "./attempts.ts";
import { drawAttempts } from "./charts.ts";
import { type Choice, codeLine, getRoomOptions } from "./code.ts";
import { byId, html } from "./element.ts";
import { failureView } from "./failure.ts";
import { faults } from "./faults.ts";
import { failureElements, roomView } from "./outcome.ts";
import {
  choices,
  end,
  type Happening,
  isLive,
  join,
  leave,
  type Moment,
  sampleRooms,
  summary,
  toggleRecording,
} from "./rooms.ts";
import { duration, plural } from "./units.ts";

/** How often a running attempt is drawn, where motion is welcome. */
const frameMs = 80;

/** How many requests can be given a fault. */
const faultyRequests = 3;

const fake = fakeRooms({ rooms: sampleRooms(Date.now()) });
const roomOf = (id: string): Room | undefined =>
  fake.rooms.find((room) => room.id === id);

const form = byId("look-up", HTMLFormElement);
const sendButton = byId("send", HTMLButtonElement);
const abortButton = byId("abort", HTMLButtonElement);
const copyButton = byId("copy", HTMLButtonElement);
const status = byId("status", HTMLOutputElement);
const changed = byId("changed", HTMLElement);
const code = byId("code", HTMLElement);
const outcome = byId("outcome-body", HTMLElement);
const chart = byId("attempt-chart", HTMLElement);
const attemptRows = byId("attempts", HTMLTableSectionElement);
const includeSessions = byId("include-sessions", HTMLInputElement);
const timeout = byId("timeout", HTMLInputElement);
const attemptTimeout = byId("attempt-timeout", HTMLInputElement);
const maxAttempts = byId("max-attempts", HTMLSelectElement);

/** The look-up that is going on. */
let running: AbortController | undefined;

byId("rooms", HTMLElement).append(
  ...choices.map(({ id, name }, i) =>
    html(
      "label",
      { class: "room" },
      html("input", { type: "radio", name: "room", value: id, checked: !i }),
      html("span", { class: "name" }, name),
      html("span", { class: "hint", "data-room": id }),
    )
  ),
);

const faultSelects = Array.from({ length: faultyRequests }, (_, i) =>
  html(
    "select",
    { id: `fault-${i + 1}` },
    html("option", { value: "" }, "goes well"),
    ...Object.entries(faults).map(([value, { label }]) =>
      html("option", { value }, label)
    ),
  ));
byId("faults", HTMLElement).append(
  ...faultSelects.map((select, i) =>
    html("label", {}, html("span", {}, `Request ${i + 1}`), select)
  ),
);

function chosenRoom(): string {
  return String(new FormData(form).get("room"));
}

/** What a field of milliseconds says; the module judges it. */
function milliseconds({ value }: HTMLInputElement): number | undefined {
  return value.trim() === "" ? undefined : Number(value);
}

function chosenOptions(): Choice {
  return {
    includeSessions: includeSessions.checked,
    timeoutMs: milliseconds(timeout),
    attemptTimeoutMs: milliseconds(attemptTimeout),
    maxAttempts: Number(maxAttempts.value),
  };
}

function showChoice(): void {
  code.textContent = codeLine(chosenRoom(), chosenOptions());
  copyButton.textContent = "Copy";
}

function showRooms(): void {
  for (const { id } of choices) {
    const hint = form.querySelector(`[data-room="${id}"]`);
    if (hint) {
      hint.textContent = id === "stand-up"
        ? "refused before it is sent"
        : summary(roomOf(id));
    }
  }
}

function showAttempts(attempts: readonly Attempt[], nowMs: number): void {
  const rows = Number(maxAttempts.value);
  chart.replaceChildren(drawAttempts(attemptChart(attempts, nowMs), rows));
  attemptRows.replaceChildren(
    ...Array.from({ length: rows }, (_, i) => {
      const attempt = attempts[i];
      const { answer, took, then } = attemptWords(attempt);
      return html(
        "tr",
        { class: attempt ? "made" : "hint" },
        html("th", { scope: "row" }, String(i + 1)),
        html("td", {}, answer),
        html("td", {}, took),
        html("td", {}, then),
      );
    }),
  );
}

/** Buttons stay in the tab order, so that nobody loses their place. */
function setRunning(controller: AbortController | undefined): void {
  running = controller;
  const busy = controller !== undefined;
  sendButton.setAttribute("aria-disabled", String(busy));
  abortButton.setAttribute("aria-disabled", String(!busy));
  maxAttempts.disabled = busy;
}

async function lookUp(): Promise<void> {
  const controller = new AbortController();
  setRunning(controller);
  const id = chosenRoom();
  const ordered = faultSelects.map(({ value }) => faults[value]);
  const attempts: Attempt[] = [];
  const began = performance.now();
  const elapsedMs = () => performance.now() - began;
  const show = () => showAttempts(attempts, elapsedMs());

  /** Orders each request's fault just before it is sent. */
  const fetchFn = (url: string, init: RequestInit) => {
    const number = attempts.length + 1;
    const fault = ordered[number - 1]?.fault(id, roomOf(id));
    if (fault) fake.fault(fault);
    attempts.push({ number, beganMs: elapsedMs() });
    status.textContent = `Attempt ${number} is on its way.`;
    show();
    return fake.fetch(url, init);
  };
  const onAttempt = (event: AttemptEvent) => {
    const attempt = attempts.at(-1);
    if (attempt) attempt.ended = event;
    const { answer, took, then } = attemptWords(attempt);
    status.textContent =
      `Attempt ${event.attempt}: ${answer}, ${took}; ${then}.`;
    show();
  };

  status.textContent = "Looking up.";
  outcome.replaceChildren(html("p", { class: "hint" }, "Looking up …"));
  show();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const ticking = still ? undefined : setInterval(show, frameMs);
  try {
    const room = await getRoom(fetchFn, "any", id, {
      ...getRoomOptions(chosenOptions()),
      signal: controller.signal,
      onAttempt,
    });
    outcome.replaceChildren(...roomView(room, Date.now()));
    status.textContent = `Found ${room.unique_name || room.id}: ` +
      `${isLive(room) ? "in session" : "idle"}. ${
        total(attempts, elapsedMs())
      }.`;
  } catch (thrown) {
    const last = attempts.at(-1);
    if (last && !last.ended) last.abortedMs = elapsedMs();
    const view = failureView(thrown);
    outcome.replaceChildren(...failureElements(view));
    status.textContent = `${view.code ? `Failed: ${view.code}` : "Aborted"}. ` +
      `${total(attempts, elapsedMs())}.`;
  } finally {
    clearInterval(ticking);
    show();
    setRunning(undefined);
  }
}

function total(attempts: readonly Attempt[], ms: number): string {
  return `${plural(attempts.length, "attempt")}, ${duration(ms)}`;
}

const changes: Record<
  string,
  (room: Room, moment: Moment) => Happening | undefined
> = { join, leave, end, record: toggleRecording };

function change(name: string): void {
  const room = roomOf(chosenRoom());
  if (!room) {
    changed.textContent = "There is no such room to change.";
    return;
  }
  const moment = { now: Date.now(), newId: () => crypto.randomUUID() };
  const happening = changes[name]?.(room, moment);
  if (happening) fake.changeRoom(room.id, happening.changes);
  changed.textContent = happening
    ? `${happening.said}. Look it up to see.`
    : "Nobody is there.";
  showRooms();
}

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    copyButton.textContent = "Copied";
  } catch {
    // Browsers may forbid it; then it is ready for the user's own keys
    getSelection()?.selectAllChildren(code);
    copyButton.textContent = "Selected";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!running) lookUp();
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
