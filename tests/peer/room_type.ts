/**
 * A function that was written for the room of the provider's SDK takes ours:
 * compiled as a user's code, never run. What differs is that ours says where
 * null may come; the SDK's type leaves that out.
 */
import type { Room } from "@videorooms/telnyx";
import type Telnyx from "telnyx";

type TheirRoom = NonNullable<
  Awaited<ReturnType<Telnyx["rooms"]["retrieve"]>>["data"]
>;

/** A type without its nulls, however deep. */
type WithoutNull<T> = T extends (infer Item)[] ? WithoutNull<Item>[]
  : T extends object ? { [K in keyof T]: WithoutNull<Exclude<T[K], null>> }
  : T;

declare function writtenForTheSdk(room: TheirRoom): string;
declare const room: Room;
declare const roomWithoutNull: WithoutNull<Room>;

writtenForTheSdk(roomWithoutNull);

// The fields of both have the same names, but for one that the SDK leaves out
type Ours = Exclude<keyof Room, "video_codecs">;
const names: keyof TheirRoom extends Ours
  ? Ours extends keyof TheirRoom ? true : false
  : false = true;
void names;

// @ts-expect-error: where null may come, their type does not say so
writtenForTheSdk(room);
