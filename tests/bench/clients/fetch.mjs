/** A call with `fetch`: a timeout, a check of the status, the JSON. */
export default (fetchFn, baseUrl = "https://api.telnyx.com/v2") =>
async (
  id,
) => {
  const response = await fetchFn(`${baseUrl}/rooms/${id}`, {
    headers: { accept: "application/json", authorization: "Bearer KEY" },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()).data;
};
