/**
 * A function written for the room type of the provider's SDK accepts ours, except
 * that ours has the nulls that the SDK's type omits. Compiled, but never run.
 */
import type { Room } from "@videorooms/telnyx";
import type Telnyx from "telnyx";

type TheirRoom = NonNullable<
  Awaited<ReturnType<Telnyx["rooms"]["retrieve"]>>["data"]
>;

/** A type without its nulls, at any depth. */
type WithoutNull<T> = T extends (infer Item)[] ? WithoutNull<Item>[]
  : T extends object ? { [K in keyof T]: WithoutNull<Exclude<T[K], null>> }
  : T;

declare function writtenForTheSdk(room: TheirRoom): string;
declare const room: Room;
declare const roomWithoutNull: WithoutNull<Room>;

writtenForTheSdk(roomWithoutNull);

// Both have the same fields, except one that the SDK omits
type Ours = Exclude<keyof Room, "video_codecs">;
const names: keyof TheirRoom extends Ours
  ? Ours extends keyof TheirRoom ? true : false
  : false = true;
void names;

// @ts-expect-error: their type omits null
writtenForTheSdk(room);
