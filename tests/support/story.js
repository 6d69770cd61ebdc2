/**
 * Calls every operation at least once, in plain JavaScript for any runtime; returns
 * the room that it made, when it was there.
 *
 * @param {(name: string, args: unknown[], opts?: object) => Promise<any>} ask
 * Calls a function of the module.
 * @param {string} id A room that records, with two people in it.
 */
export async function callEveryOperation(ask, id) {
  const { id: made } = await ask("createRoom", [{ unique_name: "Größe" }]);
  await ask("listRooms", []);
  await ask("updateRoom", [made, { max_participants: 3 }]);
  const room = await ask("getRoom", [made]);
  const token = await ask("createJoinToken", [id], { tokenTtlSecs: 60 });
  await ask("refreshJoinToken", [id, token.refresh_token]);
  const { data: [session] } = await ask("listSessions", []);
  await ask("getSession", [session.id]);
  const { data: [first, second] } = await ask("listParticipants", []);
  await ask("getParticipant", [first.id]);
  await ask("muteParticipants", [session.id, "all"]);
  await ask("unmuteParticipants", [session.id, [first.id]]);
  await ask("kickParticipants", [session.id, [second.id]]);
  const whole = { session_id: session.id, resolution: "640x480" };
  const film = await ask("createComposition", [whole]);
  await ask("listCompositions", []);
  await ask("getComposition", [film.id]);
  await ask("endSession", [session.id]);
  const { data: [recording] } = await ask("listRecordings", []);
  await ask("getRecording", [recording.id]);
  await ask("deleteRecording", [recording.id]);
  await ask("deleteRecordings", [{ roomId: id }]);
  await ask("deleteComposition", [film.id]);
  await ask("deleteRoom", [made]);
  return room;
}
