// Speaking with the sandbox. What it cannot do comes back as one sentence.

import { say, state } from "./state.js";

export class Refused extends Error {}

async function read(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refused(say("connection_lost"));
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error ?? say("connection_lost"));
  return body;
}

const query = (parameters) => new URLSearchParams(parameters).toString();

export const getWorld = (person) => read(fetch(`/api/world?${query({ reads: navigator.language, ...(person ? { person } : {}) })}`));
export const getRoom = (person, room) => read(fetch(`/api/room?${query({ person, room })}`));
export const getCommands = (person, room) => read(fetch(`/api/commands?${query({ person, room })}`));

export function act(action, files = []) {
  const person = state.world.person;
  const body = { person, room: state.room, ...action };
  const options = { method: "POST" };
  if (files.length) {
    options.body = new FormData();
    options.body.append("action", JSON.stringify(body));
    files.forEach((file, index) => options.body.append(`file-${index}`, file, file.name));
  } else {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  return read(fetch(`/api/act?${query({ person })}`, options));
}
