/** The runner for workerd: the cases run inside of a worker's request. */
import * as main from "@videorooms/telnyx";
import * as core from "@videorooms/telnyx/core";
import * as testing from "@videorooms/telnyx/testing";
import { runCases } from "./cases.js";

export default {
  async fetch(request) {
    const origin = new URL(request.url).searchParams.get("origin");
    return Response.json(await runCases({ main, core, testing, origin }));
  },
};
