/** The runner for workerd: everything runs inside of a worker's request. */
import * as main from "@videorooms/telnyx";
import * as core from "@videorooms/telnyx/core";
import * as testing from "@videorooms/telnyx/testing";
import { runCases } from "./cases.js";
import { playAll } from "./play.js";

export default {
  async fetch(request) {
    const told = await request.json();
    return Response.json(
      Array.isArray(told)
        ? await playAll(main, told)
        : await runCases({ main, core, testing, origin: told.origin }),
    );
  },
};
