/** Starts the handler on Node 20 or later, Bun or Deno: `node main.js` */
// @ts-check
import process from "node:process";
import { serve } from "../node_server.mjs";
import { whoIsHere } from "./handler.js";

const { TELNYX_API_KEY: token = "", TELNYX_BASE_URL: baseUrl, PORT } =
  process.env;

serve((request) => {
  const { signal } = request;
  return whoIsHere(request, { fetch, token, baseUrl, signal });
}, Number(PORT ?? 3000));
