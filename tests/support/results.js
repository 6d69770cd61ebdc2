/** Runs cases one after another; returns their names, and how they failed. */
export async function resultsOf(cases, afterEach = () => {}) {
  const results = [];
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
      results.push({ name });
    } catch (error) {
      results.push({ name, failure: String(error?.stack ?? error) });
    }
    await afterEach();
  }
  return results;
}
