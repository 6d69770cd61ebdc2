import process from "node:process";
import { getRoom, responseInit } from "@videorooms/telnyx";
import { notFound } from "next/navigation";

/** Renders the page on each visit instead of once at build time. */
export const dynamic = "force-dynamic";

/** `fetch` without the cache of Next.js. */
const uncachedFetch = (url, init) => fetch(url, { ...init, cache: "no-store" });

/** The name of a room, as a page. */
export default async function Page({ params }) {
  const { TELNYX_API_KEY = "", TELNYX_BASE_URL } = process.env;
  const { id } = await params;
  const room = await getRoom(uncachedFetch, TELNYX_API_KEY, id, {
    baseUrl: TELNYX_BASE_URL, // undefined for the real API
    timeoutMs: 5000,
  }).catch((error) => {
    // The room does not exist, or the id is not a UUID
    if ([400, 404].includes(responseInit(error).status)) notFound();
    throw error;
  });
  return <h1>{room.unique_name ?? room.id}</h1>;
}
