import {
  getRoomOperation,
  parseResponse,
  toRequest,
} from "@videorooms/telnyx/core";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The call by hand with all checks of `./core`: no limits, no retries. */
export default (fetchFn, baseUrl) => async (id) => {
  const request = toRequest(getRoomOperation, "KEY", { id }, { baseUrl });
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 10_000);
  try {
    const { signal } = controller;
    const response = await fetchFn(request.url, { ...request, signal });
    const { status, headers } = response;
    const body = utf8.decode(await response.arrayBuffer());
    return parseResponse(getRoomOperation, { status, headers, body }).data;
  } finally {
    clearTimeout(timer);
  }
};
