// The middle: the open room's name, what is written there, and below it the composer.

import { avatar, el, icon, roving } from "./dom.js";
import { forumNode } from "./forum.js";
import { messageNode } from "./message.js";
import { openPeople } from "./members.js";
import { say, server, state } from "./state.js";

const place = () => document.getElementById("conversation");
let log = null;
let shown = new Map();
let settle = () => {};
let atEnd = true;
const watch = new ResizeObserver(() => atEnd && toEnd());

export function showRoom(composer) {
  const { room } = state.view;
  shown = new Map();
  log = null;
  const body = room.kind === "forum" ? el("div", { class: "scroll", id: "forum-body" }) : newLog();
  place().replaceChildren(header(room), el("section", { class: "guide", id: "guide", hidden: true }), body, composer);
  place().setAttribute("aria-label", say("conversation", { room: room.name }));
  refreshRoom();
  toEnd();
}

function newLog() {
  // A new element for each room: only what is added to it later is said aloud.
  log = el("div", { class: "scroll log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": say("messages") });
  settle = roving(log, ".message");
  atEnd = true;
  // Whoever scrolls up to read is left there; whoever has not, follows what is new.
  const scrolled = () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 90);
  for (const event of ["wheel", "touchmove", "keyup", "pointerup"]) log.addEventListener(event, scrolled, { passive: true });
  log.addEventListener("load", () => atEnd && toEnd(), true);
  watch.disconnect();
  watch.observe(log);
  return log;
}

export function refreshRoom() {
  const body = document.getElementById("forum-body");
  if (body) return body.replaceChildren(forumNode());
  if (!log) return undefined;
  const follow = atEnd;
  reconcile();
  if (follow) toEnd();
  return undefined;
}

// To the end; a last message that is taller than the room is shown from its beginning.
export function toEnd() {
  if (!log) return;
  atEnd = true;
  const last = log.lastElementChild;
  const tall = last && last.offsetHeight > log.clientHeight - 16;
  log.scrollTop = tall ? last.offsetTop - log.offsetTop - 8 : log.scrollHeight;
}

// To something in the conversation, which then stays in sight.
export function lookAt(node) {
  atEnd = false;
  node.scrollIntoView({ block: "nearest" });
}

// Only what changed is built anew, so that focus, selection and open menus stay.
function reconcile() {
  const { messages } = state.view;
  const before = shown;
  shown = new Map();
  let previous = null;
  let at = log.firstChild;
  if (!messages.length) return log.replaceChildren(empty());
  log.querySelector(".empty")?.remove();
  at = log.firstChild;
  for (const message of messages) {
    const text = JSON.stringify([message, previous?.author.id, previous?.at, previous?.private, previous?.type]);
    const old = before.get(message.id);
    const node = old?.text === text ? old.node : messageNode(message, previous);
    if (old && old.node !== node) {
      if (at === old.node) at = old.node.nextSibling;
      const focus = keptFocus(old.node);
      old.node.replaceWith(node);
      focus?.(node);
    } else if (!old) log.insertBefore(node, at);
    else if (node === at) at = at.nextSibling;
    else log.insertBefore(node, at);
    shown.set(message.id, { node, text });
    before.delete(message.id);
    previous = message;
  }
  for (const { node } of before.values()) {
    if (node.contains(document.activeElement)) document.getElementById("composer-text")?.focus();
    node.remove();
  }
  settle(null);
  return undefined;
}

function keptFocus(node) {
  const active = document.activeElement;
  if (!node.contains(active)) return null;
  const keep = active.closest("[data-keep]")?.dataset.keep;
  return (fresh) => {
    const same = keep ? fresh.querySelector(`[data-keep="${CSS.escape(keep)}"]:not(:disabled)`) : null;
    (same ?? fresh).focus({ preventScroll: true });
  };
}

function empty() {
  return el("p", { class: "empty" }, say("empty_room"));
}

function header(room) {
  const marks = { text: "hash", forum: "forum", thread: "thread", post: "thread" };
  const mark = room.kind === "dm" ? avatar({ id: state.world.bot, name: room.name, bot: true }, "small") : icon(room.private ? "lock" : marks[room.kind]);
  const back = room.parent
    ? el("a", { class: "quiet back", href: `#${state.world.person}/${room.parent.id}`, "aria-label": say("back_to", { room: room.parent.name }) }, icon("back"))
    : null;
  const where = room.parent ? `${server(room.server)?.name} · #${room.parent.name}` : server(room.server)?.name;
  return el(
    "header",
    { class: "room-head" },
    el("button", { type: "button", class: "quiet only-narrow", "aria-label": say("rooms"), "aria-controls": "rooms", data: { open: "rooms" } }, icon("menu")),
    back,
    mark,
    el("div", { class: "room-words" }, el("h1", { dir: "auto" }, room.name), el("p", { class: "subtext" }, [where, room.topic].filter(Boolean).join(" · "))),
    room.server ? el("button", { type: "button", class: "quiet", "aria-label": say("people_here"), onclick: (event) => openPeople(event.currentTarget) }, icon("people")) : null,
    el("button", { type: "button", class: "quiet only-mid", "aria-label": say("tour"), "aria-controls": "tour", data: { open: "tour" } }, icon("compass")),
  );
}
