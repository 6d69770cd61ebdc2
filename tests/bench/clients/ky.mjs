import ky from "ky";

export default (fetchFn, baseUrl = "https://api.telnyx.com/v2") => {
  const client = ky.create({
    fetch: fetchFn,
    headers: { authorization: "Bearer KEY" },
    timeout: 10_000,
  });
  return async (id) => (await client.get(`${baseUrl}/rooms/${id}`).json()).data;
};
