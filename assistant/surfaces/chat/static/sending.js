// Sends a form to the server; what comes back is JSON, or null if it couldn't be done.
export async function postTo(address, fields = {}) {
  const body = new URLSearchParams(fields);
  try {
    const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
