// The left: who one is, and the rooms she sees, by server.

import { avatar, el, icon, roving } from "./dom.js";
import { choosePerson } from "./people.js";
import { me, say, state } from "./state.js";

const MARKS = { text: "hash", forum: "forum", thread: "thread", post: "thread", dm: "mail" };

export function showRooms() {
  const place = document.getElementById("rooms");
  place.setAttribute("aria-label", say("rooms"));
  const scrolled = place.querySelector(".rooms-scroll")?.scrollTop ?? 0;
  const kept = place.contains(document.activeElement) ? document.activeElement.dataset.keep : null;
  const scroll = el("div", { class: "rooms-scroll" }, group(null, [{ ...state.world.messages, name: say("messages_with_bot") }]), state.world.servers.map((server) => group(server.name, server.rooms)));
  place.replaceChildren(personCard(), scroll, el("p", { class: "sandbox-note subtext" }, say("sandbox_note")));
  roving(scroll, ".room");
  scroll.scrollTop = scrolled;
  if (kept) place.querySelector(`[data-keep="${CSS.escape(kept)}"]`)?.focus();
}

function personCard() {
  const mine = me();
  return el("button", { type: "button", class: "person-card", "aria-haspopup": "dialog", data: { keep: "person" }, onclick: (event) => choosePerson(event.currentTarget) },
    avatar(mine),
    el("span", { class: "option-words" }, el("span", { class: "unseen" }, say("you_are"), " "), el("span", { class: "option-name" }, mine.name), el("span", { class: "option-detail" }, mine.about)),
    el("span", { class: "switch" }, say("switch_person")),
  );
}

function group(name, rooms) {
  return el("section", { class: "server" }, name ? el("h2", { dir: "auto" }, name) : null, el("ul", { "aria-label": name }, rooms.map(row)));
}

function row(room) {
  const here = room.id === state.room || room.id === state.view?.room.parent?.id;
  const words = [el("span", { class: "room-name", dir: "auto" }, room.name)];
  if (room.private) words.push(el("span", { class: "unseen" }, ", ", say("private_room")));
  if (room.unread) words.push(unread(room));
  return el("li", { class: room.kind === "thread" ? "under" : null },
    el("a", { class: room.unread ? "room has-unread" : "room", href: `#${state.world.person}/${room.id}`, "aria-current": here ? "page" : null, data: { keep: room.id } }, icon(room.private && room.kind === "text" ? "lock" : MARKS[room.kind]), words));
}

function unread(room) {
  const count = room.calls || room.unread;
  const text = room.calls ? say("calls", { n: String(count) }) : say("unread", { n: String(count) });
  return el("span", { class: room.calls ? "count calls" : "count" }, el("span", { "aria-hidden": "true" }, String(count)), el("span", { class: "unseen" }, ", ", text));
}
