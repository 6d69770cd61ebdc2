/**
 * What this module needs of the provider, as data: types and formats, never
 * example values, and nothing that the module could do without.
 */
import type { Operation } from "../lib/core.ts";
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

/** The operations that the contract is about, the look-up of a room first. */
export const operations: readonly Operation[] = [
  ...new Set(interactions.map(({ operation }) => operation)),
];
