// Hearing what changes in the sandbox, so that rooms show new messages by themselves.

let source = null;

export function listen(person, heard) {
  source?.close();
  source = new EventSource(`/api/events?person=${person}`);
  let broken = false;
  source.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    if (!broken) heard({ kind: "lost" });
    broken = true;
  });
  source.addEventListener("open", () => {
    if (broken) heard({ kind: "back" });
    broken = false;
  });
}
