/** The room of the provider's reference page, unchanged. */
export const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

export const example = {
  data: {
    id,
    max_participants: 50,
    unique_name: "My Room",
    created_at: "2021-04-16T09:46:20.954863Z",
    updated_at: "2021-04-16T10:24:55.962200Z",
    active_session_id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
    enable_recording: true,
    webhook_event_failover_url: "https://failover.example.com",
    webhook_timeout_secs: 25,
    webhook_event_url: "https://www.example.com",
    sessions: [
      {
        id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
        room_id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
        active: true,
        created_at: "2021-04-16T09:46:20.954863Z",
        updated_at: "2021-04-16T10:24:55.962200Z",
        participants: [],
        record_type: "room_session",
      },
    ],
    record_type: "room",
  },
};

/** Another id for each number. */
export const idOf = (n: number): string =>
  `7b61621f-62e0-4aad-ab11-${`${n}`.padStart(12, "0")}`;

/** This many rooms, with different ids. */
export const someRooms = (count: number): { id: string }[] =>
  Array.from({ length: count }, (_, n) => ({ id: idOf(n) }));
