/**
 * What this module needs from the provider, as data: types and formats, not
 * values, and only what the module relies on.
 */
import type { Operation } from "../lib/core/mod.ts";
import type { Interaction } from "./interaction.ts";
import { compositions } from "./interactions/compositions.ts";
import { joinTokens } from "./interactions/join_tokens.ts";
import { participants } from "./interactions/participants.ts";
import { recordings } from "./interactions/recordings.ts";
import { rooms } from "./interactions/rooms.ts";
import { sessions } from "./interactions/sessions.ts";

export const interactions: readonly Interaction[] = [
  ...rooms,
  ...joinTokens,
  ...sessions,
  ...participants,
  ...recordings,
  ...compositions,
];

/** The operations of the contract; the look-up of a room is first. */
export const operations: readonly Operation[] = [
  ...new Set(interactions.map(({ operation }) => operation)),
];
