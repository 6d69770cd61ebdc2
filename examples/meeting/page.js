/** The page: joins a meeting by name, and shows who is in it. */
const byId = (id) => document.getElementById(id);

/** The room, this participant, the timer that renews the token, who is there. */
let room, me, renewal;
let shown = { people: [] };

/** How often in a row this participant was not among those who are there. */
let missed = 0;

/** Lets a function run one call after another: no older answer replaces a newer. */
function inTurn(run) {
  let last = Promise.resolve();
  return () => last = last.catch(() => {}).then(run);
}

function say(text, isError = false) {
  byId("status").textContent = text;
  byId("status").className = isError ? "bad" : "";
}

/** Sends a request; throws the server's error if it fails. */
async function send(method, path, body) {
  const headers = { "content-type": "application/json" };
  const init = { method, headers, body: JSON.stringify(body) };
  const response = await fetch(path, init);
  const result = await response.json();
  if (!response.ok) throw new Error(result.error);
  return result;
}
const get = (path) => send("GET", `/rooms/${room.id}${path}`);
const post = (path, body = {}) =>
  send("POST", `/rooms/${room.id}${path}`, body);

/** A time such as `1:05:09`. */
function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [whole / 3600, whole / 60 % 60, whole % 60]
    .map((part) => String(Math.floor(part)).padStart(2, "0"));
  return parts.join(":").replace(/^00:/, "").replace(/^0/, "");
}
const secondsSince = (time) => (Date.now() - Date.parse(time)) / 1000;

/** The letters that stand for a name. */
function initials(name) {
  const words = name.trim().split(/\s+/);
  const letters = words.map((word) => [...word][0] ?? "");
  return (letters[0] + (letters.length > 1 ? letters.at(-1) : ""))
    .toUpperCase();
}

/** The hue of a name: always the same one. */
function hue(name) {
  let sum = 7;
  for (const char of name) sum = (sum * 31 + char.codePointAt(0)) % 360;
  return sum * 47 % 360;
}

/** Shows an element for each item of a list, and keeps those that are there. */
function keep(list, template, items, fill) {
  const old = new Map(
    [...list.children].map((each) => [each.dataset.id, each]),
  );
  for (const [i, item] of items.entries()) {
    const element = old.get(item.id) ??
      list.appendChild(template.content.firstElementChild.cloneNode(true));
    old.delete(item.id);
    element.dataset.id = item.id;
    element.style.setProperty("--i", i);
    const find = (selector) => element.querySelector(selector);
    const name = item.name ?? item.who;
    // Never markup: guests choose their names
    find("b").textContent = name;
    find(".avatar").textContent = initials(name);
    element.style.setProperty("--hue", hue(name));
    fill(item, find, element);
  }
  for (const element of old.values()) element.remove();
}

function showTimes() {
  const { startedAt, people } = shown;
  byId("elapsed").textContent = startedAt ? clock(secondsSince(startedAt)) : "";
  for (const [i, { since }] of people.entries()) {
    const time = byId("people").children[i].querySelector("time");
    time.textContent = since ? clock(secondsSince(since)) : "";
  }
}

/** Says who would leave if the meeting ended; this may change while it is asked. */
function showWhoLeaves() {
  const others = shown.people.length - 1;
  const leaving = others === 1 ? "One other leaves" : `${others} others leave`;
  byId("ask-text").textContent = others > 0
    ? `${leaving} with you.`
    : "Nobody else is here.";
}

const showRoom = inTurn(async () => {
  const asker = me;
  shown = await get("");
  const { people, isRecorded } = shown;
  byId("recording-mark").hidden = !isRecorded;
  keep(byId("people"), byId("person"), people, ({ id }, _, tile) => {
    tile.classList.toggle("me", id === me?.id);
  });
  showTimes();
  showWhoLeaves();
  const isMissed = asker && asker === me &&
    !people.some(({ id }) => id === me.id);
  missed = isMissed ? missed + 1 : 0;
  // The first answer may be older than the join: the server shares its calls
  if (missed > 1) goOut("The meeting has ended for you.");
});

/** Whether the recordings that are shown may change. */
let isPending = true;

const showRecordings = inTurn(async () => {
  const recordings = await get("/recordings");
  isPending = recordings.some(({ isReady }) => !isReady);
  byId("how-many").textContent = recordings.length;
  keep(byId("recordings"), byId("recording"), recordings, (item, find) => {
    const { id, who, type, seconds = 0, megabytes, isReady } = item;
    const size = `${clock(seconds)} · ${megabytes ?? "?"} MB`;
    find("small").textContent = isReady ? `${type} · ${size}` : type;
    const link = find("a");
    link.textContent = isReady ? "Play" : "Processing…";
    link.dataset.type = type;
    if (isReady) link.href = `/recordings/${id}`;
    link.setAttribute("aria-label", isReady ? `Play ${who}, ${type}` : "");
  });
});

/** Renews the token before it expires: by its refresh token, or with a new one. */
function keepRenewing({ token_expires_at, refresh_token }) {
  clearTimeout(renewal);
  renewal = setTimeout(async () => {
    const renewed = await post("/refresh", { refresh_token })
      .catch(() => post("/token", { participant: me?.id })).catch(() => ({}));
    keepRenewing({ refresh_token, ...renewed });
  }, Math.max(30_000, (Date.parse(token_expires_at) - Date.now()) * 0.8 || 0));
}

/** Shows the form again. */
function goOut(text) {
  clearTimeout(renewal);
  me = undefined;
  document.body.dataset.view = "lobby";
  say(text);
}

const actions = {
  async join({ elements: { meeting, name } }) {
    const title = meeting.value.trim();
    room = await send("POST", "/rooms", { name: title });
    const tokens = await post("/token");
    keepRenewing(tokens);
    // Call joinWithCamera() of camera.js here; with a fake, the server joins
    if (room.fake) me = await post("/join", { ...tokens, name: name.value });
    byId("title").textContent = document.title = title;
    byId("fake-hint").hidden = !room.page;
    byId("fake").href = room.page ?? "";
    document.body.dataset.room = room.id;
    document.body.dataset.view = "meeting";
    say(`You ${me ? "are in" : "may join"} ${title}.`);
  },
  async leave() {
    const participant = me?.id; // may have been removed already
    if (participant) await post("/leave", { participant }).catch(() => {});
    goOut("You have left.");
  },
  end() {
    byId("ask").returnValue = ""; // of the last time
    byId("ask").showModal();
  },
  async ask() {
    if (byId("ask").returnValue !== "end") return;
    const { ended } = await post("/end");
    goOut(ended ? "The meeting has ended." : "It had already ended.");
  },
};

/** Does something, and shows what has become of it. */
async function act(name, target) {
  try {
    await actions[name](target);
    await showRoom();
    await showRecordings();
  } catch (error) {
    say(`That did not work: ${error.message}`, true);
  }
}
const events = { join: "submit", leave: "click", end: "click", ask: "close" };
for (const [id, event] of Object.entries(events)) {
  byId(id).addEventListener(event, (event) => {
    event.preventDefault();
    act(id, event.target);
  });
}

const player = byId("player");
const video = player.querySelector("video");
byId("recordings").addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link) return;
  event.preventDefault();
  byId("player-title").textContent = link.ariaLabel.replace("Play ", "");
  video.src = link.href;
  player.className = link.dataset.type;
  player.showModal();
  video.play().catch(() => {}); // the controls say why
});
player.addEventListener("close", () => video.removeAttribute("src"));

byId("code").addEventListener("click", async () => {
  byId("camera").textContent = await (await fetch("camera.js")).text();
  byId("lines").showModal();
});

let [looks, isLooking] = [0, false];
setInterval(async () => {
  if (!room || document.hidden || isLooking) return;
  isLooking = true;
  const before = shown.people.length;
  try {
    await showRoom();
    const hasChanged = shown.people.length !== before;
    if (hasChanged || isPending || looks++ % 5 === 0) await showRecordings();
  } catch {
    // next time
  }
  isLooking = false;
}, 2000);
setInterval(showTimes, 1000);
