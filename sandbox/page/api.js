// Talking to the sandbox's control API.

export async function get(path) {
  return answer(await fetch(`/sandbox/${path}`));
}

export async function post(path, body = {}) {
  return answer(await fetch(`/sandbox/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `The sandbox answered ${response.status}.`);
  return body;
}

// Follow the feed from event `after`; `onRun` gets the server's run id at each (re)connection.
export function follow(after, onEvent, onRun, onState) {
  const source = new EventSource(`/sandbox/events?after=${after}`);
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.addEventListener("hello", (message) => onRun(JSON.parse(message.data).run));
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
}

export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
