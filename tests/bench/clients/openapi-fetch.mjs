import createClient from "openapi-fetch";

export default (fetchFn, baseUrl = "https://api.telnyx.com/v2") => {
  const client = createClient({
    baseUrl,
    fetch: fetchFn,
    headers: { authorization: "Bearer KEY" },
  });
  return async (room_id) => {
    const { data, error } = await client.GET("/rooms/{room_id}", {
      params: { path: { room_id } },
      signal: AbortSignal.timeout(10_000),
    });
    if (error) throw error;
    return data.data;
  };
};
