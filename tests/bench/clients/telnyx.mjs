import Telnyx from "telnyx";

export default (fetchFn, baseURL) => {
  const client = new Telnyx({
    apiKey: "KEY",
    fetch: fetchFn,
    ...(baseURL && { baseURL }),
  });
  return async (id) => (await client.rooms.retrieve(id)).data;
};
