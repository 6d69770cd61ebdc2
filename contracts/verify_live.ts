/**
 * `deno task contract:live [ROOM_ID]`: verifies the pact against the real API,
 * which it only reads. It needs TELNYX_API_KEY and a room's id (the argument,
 * or TELNYX_ROOM_ID), and is skipped, with exit code 0, without them.
 *
 * Which interactions can be verified depends on the state that the room is in.
 * The token is put in on the way out, and is in no file, log or argument.
 * TELNYX_BASE_URL names another server than the provider's.
 */
import process from "node:process";
import { getRoom, type Room } from "../mod.ts";
import type { Pact, PactInteraction } from "./consumer.ts";
import { pactFile, pactName, provider } from "./names.ts";
import { Verifier } from "./pact.ts";

/** The provider states that hold for any room, or for this one. */
export function statesOf(room: Room): Set<string> {
  const states = new Set([
    "the token is unknown",
    "there is no such room",
    "rooms exist",
  ]);
  const add = (state: string, holds: unknown) => holds && states.add(state);
  const sessions = room.sessions ?? [];
  const peopled = sessions.length > 0 &&
    sessions.every(({ participants }) =>
      participants?.length && participants.every(({ context }) => context)
    );
  const ended = sessions.every(({ ended_at, participants }) =>
    ended_at && participants?.every(({ left_at }) => left_at)
  );
  add(
    "a room with a name and webhooks exists",
    room.unique_name && room.webhook_event_url &&
      room.webhook_event_failover_url &&
      typeof room.webhook_timeout_secs === "number",
  );
  add(
    "a room that was made without a name exists",
    room.unique_name === null && room.active_session_id === null &&
      room.webhook_event_url === null &&
      typeof room.webhook_event_failover_url === "string" &&
      room.webhook_timeout_secs === null,
  );
  add(
    "a room without webhook fail-over and time-out exists",
    room.webhook_event_failover_url === null &&
      room.webhook_timeout_secs === null,
  );
  add(
    "a room with an active session and people in it exists",
    room.active_session_id && peopled,
  );
  add("a room whose session has ended exists", peopled && ended);
  add(
    "a room that never had a session exists",
    !room.active_session_id && sessions.length === 0,
  );
  return states;
}

const stateOf = ({ providerStates: [state] }: PactInteraction): string =>
  state?.name ?? "";

/** A v4 UUID that no room has. */
const noRoom = "00000000-0000-4000-8000-000000000000";

async function verify(
  pact: Pact,
  { token, roomId, baseUrl }: Record<"token" | "roomId" | "baseUrl", string>,
): Promise<boolean> {
  const dir = await Deno.makeTempDir();
  const file = `${dir}/${pactName}`;
  await Deno.writeTextFile(file, JSON.stringify(pact));
  let bearer = token;
  try {
    await new Verifier({
      provider,
      providerBaseUrl: baseUrl,
      pactUrls: [file],
      logLevel: "error",
      requestFilter: (
        request: { headers: Record<string, string> },
        _response: unknown,
        next: () => void,
      ) => {
        request.headers.authorization = `Bearer ${bearer}`;
        next();
      },
      stateHandlers: Object.fromEntries(
        pact.interactions.map((interaction) => [
          stateOf(interaction),
          () => {
            const state = stateOf(interaction);
            bearer = state === "the token is unknown" ? "unknown" : token;
            return Promise.resolve({
              room_id: state === "there is no such room" ? noRoom : roomId,
            });
          },
        ]),
      ),
    }).verifyProvider();
    return true;
  } catch {
    return false; // the verifier has reported why
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function main(): Promise<number> {
  const { TELNYX_API_KEY: token, TELNYX_BASE_URL } = process.env;
  const roomId = Deno.args[0] ?? process.env.TELNYX_ROOM_ID;
  if (!token || !roomId) {
    const missing = token ? "a room's id" : "TELNYX_API_KEY";
    console.log(`Skipped: ${missing} is missing, nothing was verified`);
    return 0;
  }
  const baseUrl = TELNYX_BASE_URL ?? "https://api.telnyx.com/v2";
  let room: Room;
  try {
    room = await getRoom(fetch, token, roomId, {
      baseUrl,
      includeSessions: true,
    });
  } catch (error) {
    console.error(`contract:live: ${(error as Error).message}`);
    return 1;
  }

  const holding = statesOf(room);
  const pact: Pact = JSON.parse(await Deno.readTextFile(pactFile));
  const reading = pact.interactions.filter(({ request }) =>
    request.method === "GET"
  );
  const interactions = reading.filter((interaction) =>
    holding.has(stateOf(interaction))
  );
  const verified = await verify({ ...pact, interactions }, {
    token,
    roomId,
    baseUrl,
  });
  for (const interaction of pact.interactions) {
    if (!reading.includes(interaction)) {
      console.log(
        `Not verified, as it would write: ${interaction.description}`,
      );
    } else if (!interactions.includes(interaction)) {
      console.log(
        `Not verified, as it can't be had now: ${stateOf(interaction)}`,
      );
    }
  }
  const verdict = verified ? "keeps" : "does not keep";
  console.log(
    `${baseUrl} ${verdict} the contract in ${interactions.length} of ` +
      `${pact.interactions.length} interactions`,
  );
  return verified ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
