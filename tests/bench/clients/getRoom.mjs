import { getRoom } from "@videorooms/telnyx";

export default (fetchFn, baseUrl) => {
  // Most calls use the default base URL
  const opts = baseUrl
    ? { baseUrl, maxBodyBytes: 2 ** 26 }
    : { maxBodyBytes: 2 ** 26 };
  return (id) => getRoom(fetchFn, "KEY", id, opts);
};
