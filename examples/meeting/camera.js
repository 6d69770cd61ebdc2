import { initialize } from "@telnyx/video";

const both = { audio: true, video: true };

/** Joins with a camera; `show` gets each stream: its tracks, and whose it is. */
export async function joinWithCamera(roomId, clientToken, context, show) {
  const room = await initialize({ roomId, clientToken, context });
  const watch = ({ participantId, key, origin }) =>
    origin === "remote" && room.addSubscription(participantId, key, both);
  const stream = (id, key) => room.getParticipantStream(id, key);
  room.on("connected", ({ streams }) => streams.forEach(watch));
  room.on("stream_published", (id, key) => watch(stream(id, key)));
  room.on("subscription_started", (id, key) => show(stream(id, key)));
  await room.connect();
  const media = await navigator.mediaDevices.getUserMedia(both);
  const [audio] = media.getAudioTracks(), [video] = media.getVideoTracks();
  await room.addStream("self", { audio, video });
  return room; // with updateClientToken(token) and disconnect()
}
