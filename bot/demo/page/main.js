// The beginning: who one is and where stands in the address, so that each tab may be someone else.

import { connectActions } from "./actions.js";
import { problem, status } from "./announce.js";
import { getCommands, getRoom, getWorld, Refused } from "./api.js";
import { Composer } from "./composer.js";
import { refreshRoom, showRoom } from "./conversation.js";
import * as guide from "./guide.js";
import { listen } from "./live.js";
import { showForm } from "./modal.js";
import { shutPanel, startPanels } from "./panels.js";
import { connectOutcomes } from "./perform.js";
import { showRooms } from "./rooms.js";
import { me, say, state } from "./state.js";
import { showStep, showTour } from "./tour.js";

let composer = null;
let turn = 0;
let pending = null;

const address = () => {
  const [person, room] = location.hash.slice(1).split("/");
  return { person: person || null, room: room || null };
};

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    problem(error.message);
    return null;
  }
}

async function go() {
  const mine = (turn += 1);
  const wanted = address();
  const changed = state.world?.person !== wanted.person;
  const world = await attempt(() => getWorld(wanted.person));
  if (mine !== turn) return;
  if (!world) {
    if (wanted.person) location.hash = "";
    return;
  }
  const room = wanted.room ?? world.first_room;
  if (wanted.person !== world.person || wanted.room !== room) history.replaceState(null, "", `#${world.person}/${room}`);
  state.world = world;
  if (changed) become();
  await enter(room, mine);
}

// Another person: her language, her rooms, her stream of news.
function become() {
  document.documentElement.lang = state.world.language;
  document.title = say("page_title");
  document.getElementById("skip").textContent = say("skip");
  document.getElementById("alerts").replaceChildren();
  listen(state.world.person, heard);
  composer = new Composer();
  status(say("switched", { name: me().name }));
}

async function enter(room, mine) {
  state.room = room;
  const view = await attempt(() => getRoom(state.world.person, room));
  if (mine !== turn) return;
  if (!view) {
    state.view = null;
    if (room !== state.world.first_room) location.hash = `#${state.world.person}`;
    return;
  }
  state.view = view;
  state.commands = null;
  composer.reset();
  composer.refresh();
  showRoom(composer.node);
  showRooms();
  guide.arrived();
  showTour(followStep);
  guide.show();
  guide.point();
  shutPanel(false);
  if (!document.querySelector("dialog[open]") && !matchMedia("(pointer: coarse)").matches) {
    document.getElementById(view.room.kind === "forum" ? "conversation" : "composer-text").focus();
  }
  await loadCommands(mine);
  prefill();
  refreshWorld();
}

async function loadCommands(mine) {
  const { person } = state.world;
  const { room } = state;
  const commands = await attempt(() => getCommands(person, room));
  if (mine !== turn || !commands || person !== state.world.person || room !== state.room) return;
  state.commands = commands;
  composer.commandsCame();
}

function prefill() {
  if (!pending || pending.person !== state.world.person || pending.room !== state.room) return;
  const { typed } = pending;
  pending = null;
  if (typed) composer.prefill(typed);
}

function followStep(step) {
  pending = step;
  guide.follow(step);
  showStep(step, followStep);
  const next = `#${step.person}/${step.room}`;
  if (location.hash === next) {
    shutPanel(false);
    guide.point();
    prefill();
  } else location.hash = next;
}

function did(action) {
  if (guide.did(action)) showTour(followStep);
  guide.point();
}

// Looking again at the open room; several reasons to look at once make one look.
let looking = null;
let lookAgain = false;

function look() {
  if (looking) {
    lookAgain = true;
    return looking;
  }
  looking = lookUntilStill().finally(() => (looking = null));
  return looking;
}

async function lookUntilStill() {
  do {
    lookAgain = false;
    const { person } = state.world;
    const { room } = state;
    const view = await getRoom(person, room).catch(() => null);
    if (view && person === state.world.person && room === state.room) {
      state.view = view;
      composer.refresh();
      refreshRoom();
      guide.point();
    }
  } while (lookAgain);
}

let worldTimer = 0;

// The list of rooms with its marks; the commands too, since roles may have changed.
function refreshWorld(commandsToo = false) {
  clearTimeout(worldTimer);
  worldTimer = setTimeout(async () => {
    const mine = turn;
    const world = await getWorld(state.world.person).catch(() => null);
    // Somebody else may have come meanwhile: an answer for the one before is no news.
    if (!world || mine !== turn || world.person !== state.world.person) return;
    state.world = world;
    showRooms();
    guide.point();
    if (commandsToo) await loadCommands(mine);
  }, 150);
}

function heard(notice) {
  if (notice.kind === "lost") problem(say("connection_lost"));
  else if (notice.kind === "back") {
    document.getElementById("alerts").replaceChildren();
    look();
    refreshWorld(true);
  } else if (notice.kind === "look") look();
  else if (notice.kind === "places") {
    look();
    refreshWorld(true);
  } else if (notice.kind === "room") {
    if (notice.room === state.room || state.view?.room.kind === "forum") look();
    if (notice.room !== state.room && notice.new) refreshWorld();
  }
}

connectOutcomes({ showForm: (form) => showForm(form, guide.words()), look, did, goTo: (room) => (location.hash = `#${state.world.person}/${room}`) });
connectActions({
  reply: (message) => composer.reply(message),
  edit: (message) => composer.edit(message),
  insert: (text) => composer.insert(text),
});
guide.startGuide(followStep);
startPanels();
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("composer-text")?.focus();
});
addEventListener("hashchange", go);
go();
