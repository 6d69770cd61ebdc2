/** The names of the consumer, the providers, their pacts and their examples. */
export const consumer = "videorooms-telnyx";
export const provider = "telnyx-video-api";
export const pactName = `${consumer}-${provider}.json`;
export const pactFile: URL = new URL(pactName, import.meta.url);

/** Webhooks have their own pact. */
export const webhooks = "telnyx-video-webhooks";
export const webhooksName = `${consumer}-${webhooks}.json`;
export const webhooksFile: URL = new URL(webhooksName, import.meta.url);

/** The API key of every request. */
export const token = "KEY0123456789";

/** The ids of records in the interactions. */
const ids = {
  room_id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
  room_session_id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
  room_participant_id: "7b61621f-62e0-4aad-ab11-9fd19e272e76",
  room_recording_id: "7b61621f-62e0-4aad-ab11-9fd19e272e77",
  room_composition_id: "7b61621f-62e0-4aad-ab11-9fd19e272e78",
};

/**
 * Values in the interactions. A provider state may replace them with its own, by
 * these names.
 */
export const examples = {
  ...ids,
  unique_name: "Standup",
  refresh_token: "eyJhbGciOiJFZDI1NTE5In0.eyJ0eXAiOiJyZWZyZXNoIn0.c2ln",
};

/** The values of a provider state. */
export type Given = Partial<typeof examples>;

/** The name of a path's id in a provider state, such as `room_id`. */
export const idOf = (path: string) =>
  path.replace(/^\/(\w+)s(\/.*)?$/, "$1_id") as keyof typeof ids;
