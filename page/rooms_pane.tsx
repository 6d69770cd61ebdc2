import { useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import type { Store, View } from "./store.ts";
import type { ShownPerson, ShownRoom } from "./types.ts";
import { hue, initials, shortId } from "./words.ts";

/** Who is in a room now. */
export function presentIn(room: ShownRoom): ShownPerson[] {
  const session = room.sessions.find(({ active }) => active);
  return session?.participants.filter(({ left_at }) => !left_at) ?? [];
}

export const nameOf = (room: ShownRoom) => room.unique_name || "Unnamed room";

/** Whether somebody in it is being recorded. */
export const isRecorded = (room: ShownRoom) =>
  room.recordings.some(({ ended_at }) => !ended_at);

/** A person as a disc with initials. */
export function Avatar({ name, isMuted, isSmall, place = 0 }: {
  name: string;
  isMuted?: boolean;
  isSmall?: boolean;
  /** Its place from the right, in a stack. */
  place?: number;
}) {
  return (
    <span
      class={`avatar${isMuted ? " muted" : ""}`}
      style={{ "--h": hue(name), "--i": place }}
      aria-hidden="true"
    >
      {isSmall ? initials(name)[0] : initials(name)}
    </span>
  );
}

function RoomItem({ room, isChosen, store }: {
  room: ShownRoom;
  isChosen: boolean;
  store: Store;
}) {
  const present = presentIn(room);
  const max = room.max_participants ?? 10;
  const isLive = room.sessions.some(({ active }) => active);
  const isFull = present.length >= max;
  return (
    <li>
      <button
        type="button"
        class="room-item"
        aria-current={isChosen ? "true" : undefined}
        onClick={() => store.chooseRoom(room.id)}
      >
        <span class={`dot${isLive ? " live" : ""}`} aria-hidden="true" />
        <span class="room-name">
          <span class={room.unique_name ? "" : "unnamed"}>{nameOf(room)}</span>
        </span>
        <span class="stack" style={{ "--more": present.length > 3 ? 1 : 0 }}>
          {present.slice(0, 3).toReversed().map((person, i) => (
            <Avatar
              key={person.id}
              name={person.context || "Somebody"}
              isSmall
              place={i}
            />
          ))}
          {present.length > 3 && <span class="more">+{present.length - 3}
          </span>}
        </span>
        <span class="room-sub">
          <span class="room-id">
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
            <span class="of">/{max}</span>
          </span>
        </span>
        <span class="meter" aria-hidden="true">
          <span
            class={isFull ? "full" : ""}
            style={{ width: `${Math.min(100, present.length / max * 100)}%` }}
          />
        </span>
      </button>
    </li>
  );
}

/** The rooms, and who is in them. */
export function RoomsPane({ store, view }: { store: Store; view: View }) {
  const [search, setSearch] = useState("");
  const [filter, setFilter] = useState<"All" | "Live" | "Idle">("All");
  const [name, setName] = useState("");
  const rooms = view.state?.rooms ?? [];
  const isLive = (room: ShownRoom) =>
    room.sessions.some(({ active }) => active);
  const shown = rooms.filter((room) =>
    `${nameOf(room)} ${room.id}`.toLowerCase().includes(search.toLowerCase()) &&
    (filter === "All" || (filter === "Live") === isLive(room))
  );
  const hidden = (view.state?.totalRooms ?? 0) - rooms.length;
  const create = async (event: Event) => {
    event.preventDefault();
    await store.act(
      `Room ${name || "without a name"} created`,
      "POST",
      "rooms",
      name ? { unique_name: name } : {},
    );
    setName("");
  };
  return (
    <section class="pane rooms-pane" aria-label="Rooms">
      <header class="pane-head">
        <h2>
          Rooms <span class="badge">{view.state?.totalRooms ?? 0}</span>
        </h2>
        <div class="segments" role="group" aria-label="Which rooms">
          {(["All", "Live", "Idle"] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={filter === each}
              onClick={() => setFilter(each)}
            >
              {each}
            </button>
          ))}
        </div>
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
      <ul class="room-list">
        {shown.map((room) => (
          <RoomItem
            key={room.id}
            room={room}
            isChosen={room.id === view.roomId}
            store={store}
          />
        ))}
        {view.state && rooms.length === 0 && (
          <li class="empty">
            <p>No rooms yet.</p>
            <button
              type="button"
              class="button"
              onClick={() => store.act("Rooms added", "POST", "examples")}
            >
              Add six rooms
            </button>
          </li>
        )}
        {hidden > 0 && <li class="hint">and {hidden} more that are idle</li>}
      </ul>
      <form class="add" onSubmit={create}>
        <input
          aria-label="Name of a new room"
          placeholder="New room…"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <button type="submit" class="button" aria-label="Create the room">
          <Icon name="plus" />
        </button>
      </form>
    </section>
  );
}
