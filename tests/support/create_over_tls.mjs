/**
 * Creates a room with `httpFetch` on Node, `create_over_tls.mjs BUNDLE URL [CA]`, and
 * prints its id, or the code of the failure.
 */
import { readFileSync } from "node:fs";
import https from "node:https";
import process from "node:process";

const [bundle, baseUrl, ca] = process.argv.slice(2);
const { createHttpFetch, createRoom, httpFetch } = await import(bundle);

const fetchFn = ca
  ? createHttpFetch({ agent: new https.Agent({ ca: readFileSync(ca) }) })
  : httpFetch;
const outcome = await createRoom(fetchFn, "KEY", {}, { baseUrl, retry: false })
  .then(({ id }) => ({ id }), ({ cause, mayHaveTakenEffect, message }) => ({
    code: cause?.code ?? message,
    mayHaveTakenEffect,
  }));
console.log(JSON.stringify(outcome));
