// The commands about recordings and compositions.
import {
  deleteCompositionOperation,
  getCompositionOperation,
  listCompositionsOperation,
  type RoomComposition,
} from "../core/compositions.ts";
import {
  type DeletedRecordings,
  deleteRecordingOperation,
  deleteRecordingsOperation,
  getRecordingOperation,
  listRecordingsOperation,
  type RoomRecording,
} from "../core/recordings.ts";
import { describeCompositions, describeRecordings } from "./destroy.ts";
import { operationCommand } from "./operation_command.ts";
import { days, idOf, option, room } from "./option_kinds.ts";
import type { Column } from "./table.ts";
import {
  lengthOf,
  sizeOf,
  textOf,
  timeOf,
  titled,
  type ViewOptions,
} from "./view.ts";

type Media = RoomRecording | RoomComposition;

const id: Column<Media> = ["ID", ({ id }) => id];
const status: Column<Media> = ["STATUS", ({ status }) => status];
const length: Column<Media> = [
  "LENGTH",
  ({ duration_secs }) => lengthOf(duration_secs),
];
const size: Column<Media> = ["SIZE", ({ size_mb }) => sizeOf(size_mb)];

/** A recording or composition as text; the link to its file is a secret. */
function mediaView(
  kind: string,
  media: Media & Partial<RoomRecording> & Partial<RoomComposition>,
  options: ViewOptions,
): string {
  return titled(`${kind} ${media.id}`, [
    ["Status", textOf(media.status)],
    ["Type", textOf(media.type)],
    ["Codec", textOf(media.codec)],
    ["Format", textOf(media.format)],
    ["Resolution", textOf(media.resolution)],
    ["Length", lengthOf(media.duration_secs)],
    ["Size", sizeOf(media.size_mb)],
    ["Room", textOf(media.room_id)],
    ["Session", textOf(media.session_id)],
    ["Participant", textOf(media.participant_id)],
    ["Began", timeOf(media.started_at)],
    ["Ended", timeOf(media.ended_at)],
    ["Completed", timeOf(media.completed_at)],
    ["File", textOf(media.download_url)],
  ], options);
}

export const recordings = operationCommand({
  args: "[<recording>...]",
  about: "list, show or delete recordings",
  more: [
    "Without an id, --delete deletes every recording that the other options " +
    "match, and needs at least one of them.",
  ],
  options: {
    room,
    session: idOf("session"),
    participant: idOf("participant"),
    status: option(
      "completed|processing",
      "status",
      "only those with this status",
    ),
    type: option("audio|video", "type", "only those of this type"),
    ...days("startedAt", "began"),
    delete: { about: "delete the recordings, or all that match" },
  },
  examples: [
    [
      "telnyx-rooms recordings --type audio --status completed",
      "list audio that is ready to download",
    ],
    [
      "telnyx-rooms recordings --until 2026-01-31 --delete --dry-run",
      "see how many old recordings would be deleted",
    ],
  ],
  uses: [
    {
      operation: deleteRecordingOperation,
      flag: "delete",
      many: true,
      destroys: { verb: "Delete", describe: describeRecordings },
      show: () => "Deleted\n",
    },
    {
      operation: deleteRecordingsOperation,
      flag: "delete",
      destroys: { verb: "Delete", describe: describeRecordings },
      show: ({ room_recordings: n }: DeletedRecordings) => `Deleted: ${n}\n`,
    },
    {
      operation: getRecordingOperation,
      many: true,
      show: (recording: RoomRecording, options) =>
        mediaView("Recording", recording, options),
    },
    {
      operation: listRecordingsOperation,
      columns: [id, ["TYPE", ({ type }) => type], status, length, size],
    },
  ],
});

export function compositionView(
  composition: RoomComposition,
  options: ViewOptions,
): string {
  return mediaView("Composition", composition, options);
}

export const compositions = operationCommand({
  args: "[<composition>...]",
  about: "list, show or delete compositions",
  options: {
    session: idOf("session"),
    status: option(
      "completed|processing|enqueued",
      "status",
      "only those with this status",
    ),
    ...days("createdAt", "created"),
    delete: { about: "delete the compositions" },
  },
  examples: [[
    "telnyx-rooms compositions --status completed",
    "list compositions that are ready to download",
  ]],
  uses: [
    {
      operation: deleteCompositionOperation,
      flag: "delete",
      many: true,
      destroys: { verb: "Delete", describe: describeCompositions },
      show: () => "Deleted\n",
    },
    {
      operation: getCompositionOperation,
      many: true,
      show: compositionView,
    },
    {
      operation: listCompositionsOperation,
      columns: [id, status, length, size],
    },
  ],
});
