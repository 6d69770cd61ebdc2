/** Who promises what to whom, and where that is written down. */
export const consumer = "videorooms-telnyx";
export const provider = "telnyx-video-api";
export const pactName = `${consumer}-${provider}.json`;
export const pactFile: URL = new URL(pactName, import.meta.url);

/** The room that every example is about, and the token that asks for it. */
export const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
export const token = "KEY0123456789";
