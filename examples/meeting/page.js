/** The page: joins a meeting by its name, and shows who is there. */
const byId = (id) => document.getElementById(id);
const say = (text) => byId("status").textContent = text;

/** The room, one's own stay in it, and what renews the token. */
let room, me, renewal;

/** Asks the server; fails with what it says if it does not do as asked. */
async function ask(method, path, body) {
  const headers = { "content-type": "application/json" };
  const init = { method, headers, body: JSON.stringify(body) };
  const response = await fetch(path, init);
  const told = await response.json();
  if (!response.ok) throw new Error(told.error);
  return told;
}
const get = (path) => ask("GET", `/rooms/${room.id}${path}`);
const post = (path, body = {}) => ask("POST", `/rooms/${room.id}${path}`, body);

function list(id, texts) {
  byId(id).replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text; // never markup: guests choose their names
    return item;
  }));
}
const showPeople = async () => list("people", await get(""));

/** Renews a token well before it ends; with its refresh token, or anew. */
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
    room = await ask("POST", "/rooms", { name: meeting.value.trim() });
    const tokens = await post("/token");
    keepRenewing(tokens);
    // The provider's client SDK joins with the token; for a fake, the server
    if (room.fake) me = await post("/join", { ...tokens, name: name.value });
    byId("inside").hidden = false;
    say(`You ${me ? "are in" : "may join"} ${meeting.value.trim()}.`);
  },
  async leave() {
    clearTimeout(renewal);
    const participant = me?.id; // who may have been put out already
    if (participant) await post("/leave", { participant }).catch(() => {});
    say("You have left.");
  },
  async end() {
    clearTimeout(renewal);
    const { ended } = await post("/end");
    say(ended ? "The meeting has ended." : "It was over already.");
  },
  async look() {
    const found = await get("/recordings");
    list("recordings", found.map(({ type, status }) => `${type}, ${status}`));
    say(`There are ${found.length} recordings.`);
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
        say(`That did not work: ${error.message}`);
      }
    },
  );
}
setInterval(() => {
  if (room && !document.hidden) showPeople().catch(() => {}); // next time
}, 2000);
