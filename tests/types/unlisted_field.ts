/**
 * A field that the module does not list gets a type by augmenting the interface.
 * Compiled as a user's code, but never run.
 */
import type { Room } from "@videorooms/telnyx";

declare module "@videorooms/telnyx" {
  interface Room {
    new_field?: string;
  }
}

export const field = (room: Room): string | undefined => room.new_field;
