import { useEffect, useState } from "preact/hooks";
import { AskedButton } from "./asked_button.tsx";
import { Icon } from "./icons.tsx";
import { Avatar, isRecorded, nameOf, presentIn } from "./rooms_pane.tsx";
import type { Store, View } from "./store.ts";
import { useNow } from "./store.ts";
import { timeline } from "./timeline.ts";
import type { ShownFile, ShownRoom, ShownSession } from "./types.ts";
import { clockTime, duration, newcomer, shortId } from "./words.ts";

function RoomHead({ room, store, nowMs }: {
  room: ShownRoom;
  store: Store;
  nowMs: number;
}) {
  const session = room.sessions.find(({ active }) => active);
  const since = session?.created_at ? Date.parse(session.created_at) : nowMs;
  return (
    <header class="room-head">
      <div class="title">
        <h2 class="room-title">{nameOf(room)}</h2>
        {session
          ? <span class="pill live">Live · {duration(nowMs - since)}</span>
          : <span class="pill">Idle</span>}
        {isRecorded(room) && <span class="pill recording">Recording</span>}
      </div>
      <button
        type="button"
        class="id"
        title="Copy the id"
        onClick={() => store.copy("Id", room.id)}
      >
        <code>{room.id}</code>
        <Icon name="copy" />
      </button>
    </header>
  );
}

function Actions({ room, store }: { room: ShownRoom; store: Store }) {
  const present = presentIn(room);
  const suggested = newcomer(present.map(({ context }) => context ?? ""));
  const [name, setName] = useState("");
  const isLive = room.sessions.some(({ active }) => active);
  const at = (what: string) => `rooms/${room.id}/${what}`;
  const join = async (event: Event) => {
    event.preventDefault();
    const context = name || suggested;
    setName("");
    await store.act(`${context} joined`, "POST", at("join"), { context });
  };
  return (
    <div class="actions">
      <form class="join" onSubmit={join}>
        <input
          aria-label="Who joins"
          placeholder={suggested}
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <button type="submit" class="button primary">Join</button>
      </form>
      <div class="buttons">
        {isLive
          ? (
            <button
              type="button"
              class="button"
              onClick={() => store.act("Session ended", "POST", at("end"))}
            >
              End session
            </button>
          )
          : (
            <button
              type="button"
              class="button"
              onClick={() => store.act("Session started", "POST", at("start"))}
            >
              Start session
            </button>
          )}
        <button
          type="button"
          class="button record"
          aria-pressed={room.enable_recording === true}
          onClick={() =>
            store.act(
              room.enable_recording ? "Recording is off" : "Recording is on",
              "POST",
              at("record"),
              { on: !room.enable_recording },
            )}
        >
          <span class="rec-dot" aria-hidden="true" />Record
        </button>
        <button
          type="button"
          class="button"
          title="Send GET /v2/rooms/{id} as a client does"
          onClick={() => store.lookUp(room.id)}
        >
          <Icon name="send" />Look up
        </button>
        <button
          type="button"
          class="button"
          title="Show the requests and webhooks of this room"
          onClick={() => store.showLog(room.id)}
        >
          <Icon name="log" />Its log
        </button>
        <AskedButton
          isDanger
          act={() => store.act("Room deleted", "DELETE", `rooms/${room.id}`)}
        >
          Delete
        </AskedButton>
      </div>
    </div>
  );
}

function People({ room, store, view, nowMs }: {
  room: ShownRoom;
  store: Store;
  view: View;
  nowMs: number;
}) {
  const present = presentIn(room);
  const max = room.max_participants ?? 10;
  return (
    <section class="card people" aria-label="People">
      <h3>
        In the room <span class="faint">{present.length} of {max}</span>
      </h3>
      <ul>
        {present.map(({ id, context, joined_at }, i) => {
          const name = context || "Somebody";
          const isMuted = view.state?.muted.includes(id) ?? false;
          return (
            <li key={id} class="person" style={{ "--i": i }}>
              <Avatar name={name} isMuted={isMuted} />
              <span class="who">
                <span class="name">{name}</span>
                <span class="faint">
                  {isMuted ? "muted, " : ""}
                  {duration(nowMs - Date.parse(joined_at ?? ""))}
                </span>
              </span>
              <button
                type="button"
                class="icon-button"
                aria-label={`${name} leaves`}
                title={`${name} leaves`}
                onClick={() =>
                  store.act(`${name} left`, "POST", `participants/${id}/leave`)}
              >
                <Icon name="leave" />
              </button>
            </li>
          );
        })}
        {present.length === 0 && (
          <li class="empty">Nobody is here. Let somebody join.</li>
        )}
      </ul>
    </section>
  );
}

function Timeline({ room, session, nowMs }: {
  room: ShownRoom;
  session: ShownSession;
  nowMs: number;
}) {
  const { rows, ticks, startMs, endMs } = timeline(room, session, nowMs);
  const isShort = endMs - startMs < 6 * 60_000;
  return (
    <div class="chart" tabIndex={0} role="group" aria-label="Who was there">
      <div class="axis" aria-hidden="true">
        {ticks.filter(({ at }) =>
          at < 93
        ).map(({ at, ms }) => (
          <span key={ms} style={{ "--at": at }}>
            {clockTime(ms, isShort)}
          </span>
        ))}
      </div>
      <ul class="rows">
        {rows.map(({ id, name, bar, ms, recordings }) => (
          <li key={id} class="row">
            <span class="row-name">{name}</span>
            <span class="track">
              {ticks.map(({ at, ms }) => (
                <span key={ms} class="line" style={{ "--at": at }} />
              ))}
              <span
                class={`bar${bar.isOpen ? " open" : ""}`}
                style={{ "--at": bar.start, "--w": bar.width }}
              />
              {recordings.map((each, i) => (
                <span
                  key={i}
                  class={`bar rec-bar${each.isOpen ? " open" : ""}`}
                  style={{ "--at": each.start, "--w": each.width }}
                />
              ))}
            </span>
            <span class="row-time">{duration(ms)}</span>
          </li>
        ))}
        {rows.length === 0 && <li class="empty">Nobody has been here.</li>}
      </ul>
    </div>
  );
}

function Sessions({ room, nowMs }: { room: ShownRoom; nowMs: number }) {
  const newestFirst = room.sessions.toReversed();
  const [chosen, choose] = useState<string>();
  const session = newestFirst.find(({ id }) => id === chosen) ?? newestFirst[0];
  return (
    <section class="card sessions" aria-label="Timeline">
      <div class="card-head">
        <h3>Timeline</h3>
        <div class="chips" role="group" aria-label="Which session">
          {newestFirst.slice(0, 4).map(({ id, active, created_at }, i) => (
            <button
              key={id}
              type="button"
              class="chip"
              style={{ "--i": i }}
              aria-pressed={id === session?.id}
              onClick={() => choose(id)}
            >
              {active && <span class="dot live" aria-hidden="true" />}
              {active ? "now" : clockTime(Date.parse(created_at ?? ""), false)}
            </button>
          ))}
        </div>
      </div>
      {session
        ? <Timeline room={room} session={session} nowMs={nowMs} />
        : (
          <p class="empty chart">
            This room has had no session. It starts when somebody joins.
          </p>
        )}
    </section>
  );
}

function Media({ url, store }: { url: string; store: Store }) {
  const [src, setSrc] = useState<string>();
  useEffect(() => {
    let made: string | undefined;
    store.connection.fileUrl(url).then((found) => setSrc(made = found));
    return () => {
      if (made?.startsWith("blob:")) URL.revokeObjectURL(made);
    };
  }, [url]);
  return <video class="media" src={src} controls autoplay muted loop />;
}

/** How high a line of the recordings is, in pixels. */
const fileHeight = 48;

function FileRow({ file, place, room, isPlayed, play, store }: {
  file: ShownFile;
  place: number;
  room: ShownRoom;
  isPlayed: boolean;
  play: (file: ShownFile | undefined) => void;
  store: Store;
}) {
  const isComposition = !("participant_id" in file);
  const person = room.sessions.flatMap(({ participants }) => participants)
    .find(({ id }) => "participant_id" in file && id === file.participant_id);
  const isRunning = !isComposition && !file.ended_at;
  const status = isRunning ? "recording" : file.status ?? "unknown";
  const type = "type" in file ? file.type : undefined;
  return (
    <li
      class="file-row"
      style={{ transform: `translateY(${place * fileHeight}px)` }}
    >
      <button
        type="button"
        class="icon-button"
        disabled={!file.download_url}
        aria-label={isPlayed ? "Close the player" : "Play"}
        onClick={() => play(isPlayed ? undefined : file)}
      >
        <Icon name={isPlayed ? "close" : "play"} />
      </button>
      <span class="who">
        <span class="name">
          {isComposition ? "Composition" : person?.context || "Somebody"}
        </span>
        <span class="faint">{isComposition ? "mp4" : type}</span>
      </span>
      <span class={`pill small ${status}`}>{status}</span>
      <span class="faint num">
        {file.duration_secs ? duration(file.duration_secs * 1000) : ""}
      </span>
      <button
        type="button"
        class="id short"
        title="Copy the id"
        onClick={() => store.copy("Id", file.id)}
      >
        <code>{shortId(file.id)}</code>
      </button>
    </li>
  );
}

function Files({ room, store }: { room: ShownRoom; store: Store }) {
  const [played, play] = useState<ShownFile>();
  const files: ShownFile[] = [
    ...room.compositions.toReversed(),
    ...room.recordings.toReversed(),
  ].slice(0, 40);
  const at = (what: string) => `rooms/${room.id}/${what}`;
  return (
    <section class="card files" aria-label="Recordings">
      <div class="card-head">
        <h3>
          Recordings{" "}
          <span class="faint">
            {room.recordings.length + room.compositions.length}
          </span>
        </h3>
        <div class="buttons">
          <button
            type="button"
            class="button small"
            disabled={room.sessions.length === 0}
            onClick={() =>
              store.act("Composition is enqueued", "POST", at("compose"))}
          >
            Compose
          </button>
          <button
            type="button"
            class="button small"
            onClick={() => store.act("Completed", "POST", at("complete"))}
          >
            Complete now
          </button>
        </div>
      </div>
      {played?.download_url && (
        <Media key={played.id} url={played.download_url} store={store} />
      )}
      <ul style={{ height: `${files.length * fileHeight}px` }}>
        {files.map((file, i) => (
          <FileRow
            key={file.id}
            file={file}
            place={i}
            room={room}
            isPlayed={file.id === played?.id}
            play={play}
            store={store}
          />
        ))}
        {files.length === 0 && (
          <li class="empty">
            Nothing is recorded. Turn on Record, and let somebody join.
          </li>
        )}
      </ul>
    </section>
  );
}

/** The chosen room: who is in it, what happened, and what was recorded. */
export function RoomPane({ store, view }: { store: Store; view: View }) {
  const nowMs = useNow(view.state?.aheadMs ?? 0);
  const room = store.room;
  if (!room) {
    return (
      <section class="pane room-pane" aria-label="Room">
        <p class="empty big">
          {view.state ? "Create a room to see what happens in it." : ""}
        </p>
      </section>
    );
  }
  return (
    <section class="pane room-pane" aria-label="Room">
      <RoomHead room={room} store={store} nowMs={nowMs} />
      <Actions key={room.id} room={room} store={store} />
      <People room={room} store={store} view={view} nowMs={nowMs} />
      <Sessions key={`${room.id} sessions`} room={room} nowMs={nowMs} />
      <Files key={`${room.id} files`} room={room} store={store} />
    </section>
  );
}
