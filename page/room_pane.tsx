import { useEffect, useState } from "preact/hooks";
import {
  AskedButton,
  Button,
  Icon,
  IconButton,
  OneField,
} from "./controls.tsx";
import {
  Avatar,
  isRecorded,
  liveSession,
  maxOf,
  nameOf,
  presentIn,
} from "./rooms_pane.tsx";
import type { Store } from "./store.ts";
import { timeline } from "./timeline.ts";
import type { ShownFile, ShownRoom, ShownSession } from "./types.ts";
import { clockTime, duration, newcomer, shortId } from "./words.ts";

/** What each part of the pane is about. */
interface InRoom {
  room: ShownRoom;
  store: Store;
}

/** A button that shows an id, or a short one, and copies it. */
function Id({ id, isShort = false, store }: {
  id: string;
  isShort?: boolean;
  store: Store;
}) {
  return (
    <Button
      class={`id flex${isShort ? " short" : ""}`}
      title="Copy the id"
      onClick={() => store.copy("Id", id)}
    >
      <code class="cut">{isShort ? shortId(id) : id}</code>
      {!isShort && <Icon name="copy" />}
    </Button>
  );
}

function RoomHead({ room, store }: InRoom) {
  const session = liveSession(room);
  const { nowMs } = store;
  const since = session?.created_at ? Date.parse(session.created_at) : nowMs;
  return (
    <header class="room-head spread">
      <div class="title flex">
        <h2 class="room-title">{nameOf(room)}</h2>
        {session
          ? (
            <span class="pill live">
              Live · {duration(nowMs - since)}
            </span>
          )
          : <span class="pill">Idle</span>}
        {isRecorded(room) && <span class="pill recording">Recording</span>}
      </div>
      <Id id={room.id} store={store} />
    </header>
  );
}

function Actions({ room, store }: InRoom) {
  const suggested = newcomer(
    presentIn(room).map(({ context }) => context ?? ""),
  );
  const at = (what: string) => `rooms/${room.id}/${what}`;
  const join = (name: string) => {
    const context = name || suggested;
    store.act(`${context} joined`, at("join"), { context });
  };
  const [verb, name] = liveSession(room) ? ["end", "End"] : ["start", "Start"];
  const isOn = room.enable_recording === true;
  const record = () => {
    const said = isOn ? "Recording is off" : "Recording is on";
    store.act(said, at("record"), { on: !isOn });
  };
  const remove = () =>
    store.act("Room deleted", `rooms/${room.id}`, undefined, "DELETE");
  return (
    <div class="actions">
      <OneField
        kind="join"
        label="Who joins"
        placeholder={suggested}
        send={join}
      >
        <button type="submit" class="button primary">Join</button>
      </OneField>
      <div class="buttons">
        <Button onClick={() => store.act(`Session ${verb}ed`, at(verb))}>
          {name} session
        </Button>
        <Button class="button record" aria-pressed={isOn} onClick={record}>
          <span class="rec-dot" aria-hidden="true" />Record
        </Button>
        <Button
          title="Send GET /v2/rooms/{id} as a client does"
          onClick={() => store.lookUp(room.id)}
        >
          <Icon name="send" />Look up
        </Button>
        <Button
          title="Show the requests and webhooks of this room"
          onClick={() => store.showLog(room.id)}
        >
          <Icon name="log" />Its log
        </Button>
        <AskedButton isDanger act={remove}>Delete</AskedButton>
      </div>
    </div>
  );
}

function People({ room, store }: InRoom) {
  const present = presentIn(room);
  return (
    <section class="card people" aria-label="People">
      <h3>
        In the room <span class="faint">{present.length} of {maxOf(room)}</span>
      </h3>
      <ul class="scroll">
        {present.map(({ id, context, joined_at }, i) => {
          const name = context || "Somebody";
          const isMuted = store.view.state?.muted.includes(id) ?? false;
          return (
            <li key={id} class="person flex" style={{ "--i": i }}>
              <Avatar name={name} isMuted={isMuted} />
              <span class="who">
                <span class="name cut">{name}</span>
                <span class="faint">
                  {isMuted ? "muted, " : ""}
                  {duration(store.nowMs - Date.parse(joined_at ?? ""))}
                </span>
              </span>
              <IconButton
                icon="leave"
                label={`${name} leaves`}
                title={`${name} leaves`}
                onClick={() =>
                  store.act(`${name} left`, `participants/${id}/leave`)}
              />
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

function Timeline(
  { room, session, store }: InRoom & { session: ShownSession },
) {
  const { rows, ticks, startMs, endMs } = timeline(room, session, store.nowMs);
  const isShort = endMs - startMs < 6 * 60_000;
  return (
    <div
      class="chart scroll"
      tabIndex={0}
      role="group"
      aria-label="Who was there"
    >
      <div class="axis" aria-hidden="true">
        {ticks.filter(({ at }) => at < 93).map(({ at, ms }) => (
          <span key={ms} style={{ "--at": at }}>{clockTime(ms, isShort)}</span>
        ))}
      </div>
      <ul class="rows">
        {rows.map(({ id, name, bar, ms, recordings }) => (
          <li key={id} class="row">
            <span class="row-name cut">{name}</span>
            <span class="track">
              {ticks.map(({ at, ms }) => (
                <span key={ms} class="line" style={{ "--at": at }} />
              ))}
              {[bar, ...recordings].map(({ start, width, isOpen }, i) => (
                <span
                  key={i}
                  class={`bar ${i > 0 ? "rec-bar" : isOpen ? "open" : ""}`}
                  style={{ "--at": start, "--w": width }}
                />
              ))}
            </span>
            <span class="num faint">{duration(ms)}</span>
          </li>
        ))}
        {rows.length === 0 && <li class="empty">Nobody has been here.</li>}
      </ul>
    </div>
  );
}

function Sessions({ room, store }: InRoom) {
  const newestFirst = room.sessions.toReversed();
  const [chosen, choose] = useState<string>();
  const session = newestFirst.find(({ id }) => id === chosen) ?? newestFirst[0];
  return (
    <section class="card sessions" aria-label="Timeline">
      <div class="card-head spread">
        <h3>Timeline</h3>
        <div class="chips" role="group" aria-label="Which session">
          {newestFirst.slice(0, 4).map(({ id, active, created_at }, i) => (
            <Button
              key={id}
              class="chip"
              style={{ "--i": i }}
              aria-pressed={id === session?.id}
              onClick={() => choose(id)}
            >
              {active && <span class="dot live" aria-hidden="true" />}
              {active ? "now" : clockTime(Date.parse(created_at ?? ""), false)}
            </Button>
          ))}
        </div>
      </div>
      {session
        ? <Timeline room={room} session={session} store={store} />
        : (
          <p class="empty chart scroll">
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

/** Whose a file is, and of which type. */
function originOf(file: ShownFile, room: ShownRoom): [string, string] {
  if (!("participant_id" in file)) return ["Composition", "mp4"];
  const person = room.sessions.flatMap(({ participants }) => participants)
    .find(({ id }) => id === file.participant_id);
  return [person?.context || "Somebody", file.type ?? ""];
}

function Files({ room, store }: InRoom) {
  const [played, play] = useState<ShownFile>();
  const all: ShownFile[] = [
    ...room.compositions.toReversed(),
    ...room.recordings.toReversed(),
  ];
  const files = all.slice(0, 40);
  const at = (what: string) => `rooms/${room.id}/${what}`;
  const row = (file: ShownFile, place: number) => {
    const [name, type] = originOf(file, room);
    const isPlayed = file.id === played?.id;
    const isRunning = "participant_id" in file && !file.ended_at;
    const status = isRunning ? "recording" : file.status ?? "unknown";
    return (
      <li
        key={file.id}
        class="file-row"
        style={{ transform: `translateY(${place * fileHeight}px)` }}
      >
        <IconButton
          icon={isPlayed ? "close" : "play"}
          label={isPlayed ? "Close the player" : "Play"}
          disabled={!file.download_url}
          onClick={() => play(isPlayed ? undefined : file)}
        />
        <span class="who">
          <span class="name cut">{name}</span>
          <span class="faint">{type}</span>
        </span>
        <span class={`pill small ${status}`}>{status}</span>
        <span class="faint num">
          {file.duration_secs ? duration(file.duration_secs * 1000) : ""}
        </span>
        <Id id={file.id} isShort store={store} />
      </li>
    );
  };
  return (
    <section class="card files" aria-label="Recordings">
      <div class="card-head spread">
        <h3>
          Recordings <span class="faint">{all.length}</span>
        </h3>
        <div class="buttons">
          <Button
            class="button small"
            disabled={room.sessions.length === 0}
            onClick={() => store.act("Composition is enqueued", at("compose"))}
          >
            Compose
          </Button>
          <Button
            class="button small"
            onClick={() => store.act("Completed", at("complete"))}
          >
            Complete now
          </Button>
        </div>
      </div>
      {played?.download_url && (
        <Media key={played.id} url={played.download_url} store={store} />
      )}
      <ul style={{ height: `${files.length * fileHeight}px` }}>
        {files.map(row)}
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
export function RoomPane({ store }: { store: Store }) {
  const { room } = store;
  return (
    <section class="pane room-pane" aria-label="Room">
      {room
        ? (
          <>
            <RoomHead room={room} store={store} />
            <Actions key={room.id} room={room} store={store} />
            <People room={room} store={store} />
            <Sessions key={`${room.id} sessions`} room={room} store={store} />
            <Files key={`${room.id} files`} room={room} store={store} />
          </>
        )
        : (
          <p class="empty big">
            {store.view.state && "Create a room to see what happens in it."}
          </p>
        )}
    </section>
  );
}
