/** The page: joins a meeting by name, and shows who is in it. */
const byId = (id) => document.getElementById(id);
const showStatus = (text) => byId("status").textContent = text;

/** The room, this participant, and the timer that renews the token. */
let room, me, renewal;

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

function list(id, texts) {
  byId(id).replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text; // never markup: guests choose their names
    return item;
  }));
}
const showPeople = async () => list("people", await get(""));

/** Renews the token before it expires: by its refresh token, or with a new one. */
function keepRenewing({ token_expires_at, refresh_token }) {
  clearTimeout(renewal);
  renewal = setTimeout(async () => {
    const renewed = await post("/refresh", { refresh_token })
      .catch(() => post("/token")).catch(() => ({}));
    keepRenewing({ refresh_token, ...renewed });
  }, Math.max(30_000, (Date.parse(token_expires_at) - Date.now()) * 0.8 || 0));
}

const actions = {
  async join({ elements: { meeting, name } }) {
    room = await send("POST", "/rooms", { name: meeting.value.trim() });
    const tokens = await post("/token");
    keepRenewing(tokens);
    // Join with the provider's client SDK here; with a fake, the server joins
    if (room.fake) me = await post("/join", { ...tokens, name: name.value });
    byId("inside").hidden = false;
    showStatus(`You ${me ? "are in" : "may join"} ${meeting.value.trim()}.`);
  },
  async leave() {
    clearTimeout(renewal);
    const participant = me?.id; // may have been removed already
    if (participant) await post("/leave", { participant }).catch(() => {});
    showStatus("You have left.");
  },
  async end() {
    clearTimeout(renewal);
    const { ended } = await post("/end");
    showStatus(ended ? "The meeting has ended." : "It had already ended.");
  },
  async look() {
    const found = await get("/recordings");
    list("recordings", found.map(({ type, status }) => `${type}, ${status}`));
    showStatus(`There are ${found.length} recordings.`);
  },
};

for (const [id, action] of Object.entries(actions)) {
  byId(id).addEventListener(
    id === "join" ? "submit" : "click",
    async (event) => {
      event.preventDefault();
      try {
        await action(event.target);
        await showPeople();
      } catch (error) {
        showStatus(`That did not work: ${error.message}`);
      }
    },
  );
}
setInterval(() => {
  if (room && !document.hidden) showPeople().catch(() => {}); // next time
}, 2000);
