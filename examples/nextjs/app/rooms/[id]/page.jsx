import process from "node:process";
import { getRoom, responseInit } from "@videorooms/telnyx";
import { notFound } from "next/navigation";

/** Makes the page anew for each visit, in place of once, at build time. */
export const dynamic = "force-dynamic";

/** Never answers with what Next.js has kept of an earlier response. */
const fresh = (url, init) => fetch(url, { ...init, cache: "no-store" });

/** The name of a room, as a page. */
export default async function Page({ params }) {
  const { TELNYX_API_KEY = "", ROOMS_URL } = process.env;
  const { id } = await params;
  const room = await getRoom(fresh, TELNYX_API_KEY, id, {
    baseUrl: ROOMS_URL, // undefined is the real API
    timeoutMs: 5000,
  }).catch((error) => {
    // Of a room that is not there, or an id that is none
    if ([400, 404].includes(responseInit(error).status)) notFound();
    throw error;
  });
  return <h1>{room.unique_name ?? room.id}</h1>;
}
