// Hearing what changes in the sandbox, so that rooms show new messages by themselves.

const PAUSE = 1000;
let socket = null;

export function listen(person, heard) {
  if (socket) {
    socket.onclose = null;
    socket.close();
  }
  let broken = false;
  const open = () => {
    const mine = new WebSocket(`ws://${location.host}/api/events?person=${person}`);
    socket = mine;
    mine.onopen = () => {
      if (broken) heard({ kind: "back" });
      broken = false;
    };
    mine.onmessage = (event) => heard(JSON.parse(event.data));
    mine.onclose = () => {
      if (!broken) heard({ kind: "lost" });
      broken = true;
      setTimeout(() => socket === mine && open(), PAUSE);
    };
  };
  open();
}
