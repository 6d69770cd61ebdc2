/** The runner for workerd, in a request to a worker. */
import * as main from "@videorooms/telnyx";
import * as core from "@videorooms/telnyx/core";
import * as testing from "@videorooms/telnyx/testing";
import { runCases } from "./cases.js";
import { playFaults } from "../faults/play.js";

const loadNode = () => import("@videorooms/telnyx/node");

export default {
  async fetch(request) {
    const input = await request.json();
    return Response.json(
      Array.isArray(input)
        ? await playFaults(main, input)
        : await runCases({ main, core, testing, loadNode, ...input }),
    );
  },
};
