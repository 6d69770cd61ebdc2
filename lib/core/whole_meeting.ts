// The composition that most programs want.
import type { CompositionFields } from "./compositions.ts";

/**
 * The fields of a composition of the whole meeting: everyone in one grid, with
 * sound. Spread it into the fields of `createComposition`, which sends what it is
 * given and adds nothing.
 *
 * - `video_layout`: one region, as large as the picture of 1280 by 720 pixels,
 *   with the videos of all participants (`video_sources: ["*"]`), in as many
 *   columns and rows as they need. With another `resolution`, give the region its
 *   `width` and `height`.
 * - `audio_sources: ["*"]`: everyone's sound. Without it, the file is silent. No
 *   document says so, but programs in use rely on it.
 *
 * What a composition without `video_layout` shows is not documented.
 *
 * @example One file of a session, with everyone in it
 * ```ts
 * import { createComposition, wholeMeeting } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id } = fake.join(id);
 *
 * const composition = await createComposition(fake.fetch, "any", {
 *   ...wholeMeeting,
 *   session_id,
 * });
 * assertEquals(composition.audio_sources, ["*"]);
 * ```
 */
export const wholeMeeting: Readonly<
  Pick<
    CompositionFields,
    "format" | "resolution" | "video_layout" | "audio_sources"
  >
> = {
  format: "mp4",
  resolution: "1280x720",
  video_layout: {
    everyone: {
      x_pos: 0,
      y_pos: 0,
      width: 1280,
      height: 720,
      video_sources: ["*"],
    },
  },
  audio_sources: ["*"],
};
