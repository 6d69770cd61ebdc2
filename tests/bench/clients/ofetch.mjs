import { createFetch } from "ofetch";

export default (fetchFn, baseURL = "https://api.telnyx.com/v2") => {
  const client = createFetch({
    fetch: fetchFn,
    defaults: {
      baseURL,
      headers: { authorization: "Bearer KEY" },
      timeout: 10_000,
    },
  });
  return async (id) => (await client(`/rooms/${id}`)).data;
};
