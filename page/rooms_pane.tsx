import { useState } from "preact/hooks";
import { Button, Icon, OneField, Segments } from "./controls.tsx";
import type { Store } from "./store.ts";
import type { ShownPerson, ShownRoom } from "./types.ts";
import { hue, initials, shortId } from "./words.ts";

/** The session of a room that goes on. */
export const liveSession = (room: ShownRoom) =>
  room.sessions.find(({ active }) => active);

/** Who is in a room now. */
export const presentIn = (room: ShownRoom): ShownPerson[] =>
  liveSession(room)?.participants.filter(({ left_at }) => !left_at) ?? [];

/** How many a room admits. */
export const maxOf = (room: ShownRoom) => room.max_participants ?? 10;

export const nameOf = (room: ShownRoom) => room.unique_name || "Unnamed room";

/** Whether somebody in it is being recorded. */
export const isRecorded = (room: ShownRoom) =>
  room.recordings.some(({ ended_at }) => !ended_at);

/** A person as a disc with initials. */
export function Avatar({ name, isMuted, place }: {
  name: string;
  isMuted?: boolean;
  /** Its place from the right, in a stack of small ones. */
  place?: number;
}) {
  return (
    <span
      class={`avatar${isMuted ? " muted" : ""}`}
      style={{ "--h": hue(name), "--i": place ?? 0 }}
      aria-hidden="true"
    >
      {place === undefined ? initials(name) : initials(name)[0]}
    </span>
  );
}

function RoomItem({ room, isChosen, store }: {
  room: ShownRoom;
  isChosen: boolean;
  store: Store;
}) {
  const present = presentIn(room);
  const max = maxOf(room);
  const isLive = liveSession(room) !== undefined;
  const isFull = present.length >= max;
  return (
    <li>
      <Button
        class="room-item"
        aria-current={isChosen ? "true" : undefined}
        onClick={() => store.choose({ roomId: room.id, tab: "room" })}
      >
        <span class={`dot${isLive ? " live" : ""}`} aria-hidden="true" />
        <span class="room-name flex">
          <span class={`cut${room.unique_name ? "" : " unnamed"}`}>
            {nameOf(room)}
          </span>
        </span>
        <span class="stack" style={{ "--more": present.length > 3 ? 1 : 0 }}>
          {present.slice(0, 3).toReversed().map((person, i) => (
            <Avatar
              key={person.id}
              name={person.context || "Somebody"}
              place={i}
            />
          ))}
          {present.length > 3 && <span class="more">+{present.length - 3}
          </span>}
        </span>
        <span class="room-sub faint">
          <span class="room-id flex">
            <code>{shortId(room.id)}</code>
            {isRecorded(room) && (
              <span class="rec" title="Being recorded">REC</span>
            )}
          </span>
          <span
            class={`count${isFull ? " full" : ""}`}
            title={isFull ? "The room is full" : undefined}
          >
            {present.length}
            <span class="faint">/{max}</span>
          </span>
        </span>
        <span class="meter" aria-hidden="true">
          <span
            class={isFull ? "full" : ""}
            style={{ width: `${Math.min(100, present.length / max * 100)}%` }}
          />
        </span>
      </Button>
    </li>
  );
}

/** The rooms, and who is in them. */
export function RoomsPane({ store }: { store: Store }) {
  const { state, roomId } = store.view;
  const [search, setSearch] = useState("");
  const [filter, setFilter] = useState<"All" | "Live" | "Idle">("All");
  const rooms = state?.rooms ?? [];
  const totalRooms = state?.totalRooms ?? 0;
  const shown = rooms.filter((room) =>
    `${nameOf(room)} ${room.id}`.toLowerCase().includes(search.toLowerCase()) &&
    (filter === "All" || (filter === "Live") === Boolean(liveSession(room)))
  );
  const hidden = totalRooms - rooms.length;
  const create = (name: string) =>
    store.act(
      `Room ${name || "without a name"} created`,
      "rooms",
      name ? { unique_name: name } : {},
    );
  return (
    <section class="pane rooms-pane" aria-label="Rooms">
      <header class="pane-head spread">
        <h2 class="flex">
          Rooms <span class="badge">{totalRooms}</span>
        </h2>
        <Segments
          name="Which rooms"
          all={["All", "Live", "Idle"]}
          chosen={filter}
          choose={setFilter}
        />
      </header>
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          placeholder="Find a room"
          aria-label="Find a room"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </label>
      <ul class="room-list scroll">
        {shown.map((room) => (
          <RoomItem
            key={room.id}
            room={room}
            isChosen={room.id === roomId}
            store={store}
          />
        ))}
        {state && rooms.length === 0 && (
          <li class="empty">
            <p>No rooms yet.</p>
            <Button onClick={() => store.act("Rooms added", "examples")}>
              Add six rooms
            </Button>
          </li>
        )}
        {hidden > 0 && (
          <li class="hint faint">and {hidden} more that are idle</li>
        )}
      </ul>
      <OneField
        kind="add"
        label="Name of a new room"
        placeholder="New room…"
        send={create}
      >
        <button type="submit" class="button" aria-label="Create the room">
          <Icon name="plus" />
        </button>
      </OneField>
    </section>
  );
}
