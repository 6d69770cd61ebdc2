import { getRoom } from "@videorooms/telnyx";

export default (fetchFn, baseUrl) => {
  // The default address needs no check: it is what most calls are made with
  const opts = baseUrl
    ? { baseUrl, maxBodyBytes: 2 ** 26 }
    : { maxBodyBytes: 2 ** 26 };
  return (id) => getRoom(fetchFn, "KEY", id, opts);
};
