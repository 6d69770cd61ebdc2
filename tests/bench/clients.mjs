/**
 * The clients that are compared, by their names. Each looks a room up, and
 * counts the rooms of a whole list. A client is imported when it is made, so
 * that a cold start loads nothing else.
 */

const headers = { authorization: "Bearer KEY" };
const timeout = 10_000;
const pageSize = 250;
/** A room of 10,000 sessions has 4 MB. */
const maxBodyBytes = 2 ** 26;

const byPath = (get) => ({
  room: (id) => get(`/rooms/${id}`),
  page: (number) => get(`/rooms?page[number]=${number}&page[size]=${pageSize}`),
});

/** HTTP clients: what each makes of a room's and a page's response, unchecked. */
const transports = {
  fetch: (baseUrl, fetchFn = fetch) =>
    byPath(async (path) => {
      const signal = AbortSignal.timeout(timeout);
      const response = await fetchFn(`${baseUrl}${path}`, { headers, signal });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return response.json();
    }),
  async ky(baseUrl, fetchFn = fetch) {
    const { default: ky } = await import("ky");
    const client = ky.create({ fetch: fetchFn, headers, timeout });
    return byPath((path) => client.get(`${baseUrl}${path}`).json());
  },
  async ofetch(baseURL, fetchFn = fetch) {
    const { createFetch } = await import("ofetch");
    const defaults = { baseURL, headers, timeout };
    return byPath(createFetch({ fetch: fetchFn, defaults }));
  },
  async "openapi-fetch"(baseUrl, fetchFn = fetch) {
    const { default: create } = await import("openapi-fetch");
    const client = create({ baseUrl, fetch: fetchFn, headers });
    const get = async (path, params) => {
      const signal = AbortSignal.timeout(timeout);
      const { data, error } = await client.GET(path, { params, signal });
      if (error) throw error;
      return data;
    };
    return {
      room: (room_id) => get("/rooms/{room_id}", { path: { room_id } }),
      page: (number) =>
        get("/rooms", { query: { page: { number, size: pageSize } } }),
    };
  },
};

/** A transport, with or without a library that checks each room. */
const by = (transport, library) => async (baseUrl, fetchFn) => {
  const { room, page } = await transports[transport](baseUrl, fetchFn);
  const check = library
    ? await (await import("./room_check.mjs")).roomCheck(library)
    : (value) => value;
  return {
    get: async (id) => check((await room(id)).data),
    async count() {
      let count = 0;
      for (let number = 1, last = 1; number <= last; number++) {
        const { data, meta } = await page(number);
        for (const room of data) check(room);
        count += data.length;
        last = meta.total_pages;
      }
      return count;
    },
  };
};

const thisModule = (toFetchFn) => async (baseUrl, fetchFn) => {
  const { allRooms, getRoom } = await import("@videorooms/telnyx");
  const used = fetchFn ?? await toFetchFn();
  const opts = { baseUrl, maxBodyBytes };
  return {
    get: (id) => getRoom(used, "KEY", id, opts),
    async count(concurrency = 1) {
      let count = 0;
      const all = { ...opts, pageSize, concurrency };
      for await (const _ of allRooms(used, "KEY", all)) count++;
      return count;
    },
  };
};
const node = () => import("@videorooms/telnyx/node");

async function telnyx(baseURL, fetchFn = fetch) {
  const { default: Telnyx } = await import("telnyx");
  const { rooms } = new Telnyx({ apiKey: "KEY", baseURL, fetch: fetchFn });
  return {
    get: async (id) => (await rooms.retrieve(id)).data,
    async count() {
      let count = 0;
      for await (const _ of rooms.list({ "page[size]": pageSize })) count++;
      return count;
    },
  };
}

export const clients = {
  getRoom: thisModule(() => fetch),
  httpFetch: thisModule(async () => (await node()).httpFetch),
  "ky + zod": by("ky", "zod"),
  "ky + valibot": by("ky", "valibot"),
  "ofetch + zod": by("ofetch", "zod"),
  "ofetch + valibot": by("ofetch", "valibot"),
  "openapi-fetch + valibot": by("openapi-fetch", "valibot"),
  telnyx,
  ky: by("ky"),
  ofetch: by("ofetch"),
  "openapi-fetch": by("openapi-fetch"),
  fetch: by("fetch"),
};
