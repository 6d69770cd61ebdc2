export const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

const nth = (start, n) => `${start}${String(n).padStart(12, "0")}`;

/** A room with this many sessions, every other one with a participant. */
export function room(sessions) {
  return {
    id,
    max_participants: 50,
    unique_name: "My Room",
    created_at: "2021-04-16T09:46:20.954863Z",
    updated_at: "2021-04-16T10:24:55.962200Z",
    active_session_id: nth("7b61621f-62e0-4aad-ab11-", 0),
    enable_recording: true,
    webhook_event_failover_url: "https://failover.example.com",
    webhook_timeout_secs: 25,
    webhook_event_url: "https://www.example.com",
    sessions: Array.from({ length: sessions }, (_, n) => ({
      id: nth("7b61621f-62e0-4aad-ab11-", n),
      room_id: id,
      active: n === 0,
      created_at: "2021-04-16T09:46:20.954863Z",
      updated_at: "2021-04-16T10:24:55.962200Z",
      ended_at: n === 0 ? null : "2021-04-16T10:24:55.962200Z",
      participants: n % 2 ? [] : [{
        id: nth("0ccc7b54-4df3-4bca-a65a-", n),
        session_id: nth("7b61621f-62e0-4aad-ab11-", n),
        context: "Alice",
        joined_at: "2021-04-16T09:46:20.954863Z",
        updated_at: "2021-04-16T09:46:20.954863Z",
        left_at: "2021-04-16T10:24:55.962200Z",
        record_type: "room_participant",
      }],
      record_type: "room_session",
    })),
    record_type: "room",
  };
}

/** The body of a response with such a room. */
export const body = (sessions = 2) => JSON.stringify({ data: room(sessions) });

const text = body();
const bytes = new TextEncoder().encode(text);
const init = { headers: { "content-type": "application/json" } };

/** Two functions in place of `fetch`. */
export const stubs = {
  /** Resolves to a stream of bytes, as the network does. */
  stream: () =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          type: "bytes",
          start(controller) {
            controller.enqueue(bytes.slice());
            controller.close();
          },
        }),
        init,
      ),
    ),
  /** Resolves to text, as in tests, which runtimes read without a stream. */
  text: () => Promise.resolve(new Response(text, init)),
};
