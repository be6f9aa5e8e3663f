// What the page knows: the world as its person sees it, the open room, the words in her language and in the visitor’s.

export const state = { world: null, room: null, view: null, commands: null, replyTo: null };

const filled = (text, parameters) => text.replace(/\{(\w+)\}/g, (whole, name) => parameters[name] ?? whole);

// The page speaks the language of whom one is; the tour that of the visitor herself.
export const say = (key, parameters = {}) => filled(state.world?.words[key] ?? key, parameters);
export const tell = (key, parameters = {}) => filled(state.world?.tour.words[key] ?? key, parameters);

export const me = () => person(state.world.person);
export const person = (id) => state.world.people.find((someone) => someone.id === id);
export const language = () => me()?.locale ?? "en";

export function server(id) {
  return state.world.servers.find((one) => one.id === id);
}

export function allRooms() {
  return [state.world.messages, ...state.world.servers.flatMap((one) => one.rooms)];
}

export function roomName(id) {
  if (state.view?.room.id === id) return state.view.room.name;
  return state.view?.names[id] ?? allRooms().find((room) => room.id === id)?.name;
}

export function role(id) {
  for (const one of state.world.servers) {
    const found = one.roles.find((each) => each.id === id);
    if (found) return found;
  }
  return undefined;
}

// Those whom the person meets in the open room's server; everybody whom she may write to is among them.
export function peopleHere() {
  const here = server(state.view?.room.server);
  return here ? state.world.people.filter((someone) => here.people.includes(someone.id)) : [me()];
}
