/**
 * A field that the module does not list is read with a type by augmenting the
 * interface. Compiled as a user's code on the package, never run.
 */
import type { Room } from "@videorooms/telnyx";

declare module "@videorooms/telnyx" {
  interface Room {
    new_field?: string;
  }
}

export const field = (room: Room): string | undefined => room.new_field;
