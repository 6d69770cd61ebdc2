import type { RoomParticipant } from "../participants.ts";
import type { Room } from "../rooms.ts";
import type { RoomSession } from "../sessions.ts";
import { printable } from "./printable.ts";

/** Something that differs between two look-ups of a room. */
export interface Change {
  /** The session that it is in, by id. */
  session?: string;
  /** The stay of a person that it is in, by id. */
  participant?: string;
  /** The field that differs; absent when the whole record came or went. */
  field?: string;
  /** What was there; absent when nothing was. */
  from?: unknown;
  /** What is there now; absent when nothing is. */
  to?: unknown;
}

const json = (value: unknown) => JSON.stringify(value) ?? "absent";

/** Records by their ids, which tell what is the same in another order. */
function byId<T extends { id: string }>(records: T[] | null | undefined) {
  return new Map((records ?? []).map((record) => [record.id, record]));
}

/** The fields in which two records differ, but for those told of otherwise. */
function fields(
  before: object,
  after: object,
  place: Change,
  apart: string,
): Change[] {
  const [was, is] = [before, after] as Record<string, unknown>[];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => field !== "updated_at" && field !== apart)
    .map((field) => ({ ...place, field, from: was?.[field], to: is?.[field] }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}

/** What came and went of some records, and what differs in those that stayed. */
function records<T extends { id: string }>(
  before: T[] | null | undefined,
  after: T[] | null | undefined,
  changed: (was: T | undefined, is: T | undefined, id: string) => Change[],
): Change[] {
  const [was, is] = [byId(before), byId(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .flatMap((id) => changed(was.get(id), is.get(id), id));
}

function people(
  session: string,
  before: RoomSession | undefined,
  after: RoomSession,
): Change[] {
  return records<RoomParticipant>(
    before?.participants,
    after.participants,
    (from, to, participant) => {
      const place = { session, participant };
      if (from && to) return fields(from, to, place, "");
      return [{ ...place, ...from ? { from } : { to } }];
    },
  );
}

/**
 * What has changed in a room. A record's `updated_at` is left out: it changes
 * with whatever else does. The people of a session that came are told one by
 * one, as if they had joined after it began.
 */
export function changes(before: Room, after: Room): Change[] {
  return [
    ...fields(before, after, {}, "sessions"),
    ...records<RoomSession>(
      before.sessions,
      after.sessions,
      (from, to, session) => {
        if (!to) return [{ session, from }];
        const { participants: _, ...own } = to;
        return [
          ...from
            ? fields(from, to, { session }, "participants")
            : [{ session, to: own }],
          ...people(session, from, to),
        ];
      },
    ),
  ];
}

/** What has changed, for a person to read, in one line. */
export function changeText(
  { session, participant, field, from, to }: Change,
  room: Room,
): string {
  const whole = (to ?? from) as RoomSession & RoomParticipant;
  const person = field === undefined ? whole : room.sessions
    ?.find(({ id }) => id === session)?.participants
    ?.find(({ id }) => id === participant);
  const who = participant
    ? `${person?.context || participant} `
    : session
    ? `session ${session} `
    : "";
  const [came, went] = participant ? ["joined", "left"] : ["began", "ended"];
  const what = field === undefined
    ? from
      ? "is listed no more"
      : `${came}${whole.left_at || whole.ended_at ? ` and ${went}` : ""}`
    : (field === "left_at" || field === "ended_at") && to && !from
    ? went
    : `${field}: ${json(from)} → ${json(to)}`;
  return printable(who + what);
}
