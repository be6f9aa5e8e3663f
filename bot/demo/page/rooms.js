// The left: who one is, and the rooms she sees, by server.

import { openDialog } from "./dialog.js";
import { avatar, el, icon, roving } from "./dom.js";
import { choosePerson } from "./people.js";
import { perform, whileBusy } from "./perform.js";
import { me, say, state } from "./state.js";

const MARKS = { text: "hash", forum: "forum", thread: "thread", post: "thread", dm: "mail" };

export function showRooms() {
  const place = document.getElementById("rooms");
  place.setAttribute("aria-label", say("rooms"));
  const scrolled = place.querySelector(".rooms-scroll")?.scrollTop ?? 0;
  const kept = place.contains(document.activeElement) ? document.activeElement.dataset.keep : null;
  const scroll = el("div", { class: "rooms-scroll" }, group(null, [{ ...state.world.messages, name: say("messages_with_bot") }]), state.world.servers.map((server) => group(server, server.rooms)));
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

function group(server, rooms) {
  const head = server ? el("header", { class: "server-head" }, el("h2", { dir: "auto" }, server.name), server.may_leave ? door(server) : null) : null;
  return el("section", { class: "server" }, head, el("ul", { "aria-label": server?.name }, rooms.map(row)));
}

function door(server) {
  const words = say("leave", { server: server.name });
  return el("button", { type: "button", class: "quiet door", "aria-label": words, title: words, data: { keep: `leave-${server.id}` }, onclick: (event) => askToLeave(server, event.currentTarget) }, icon("door"));
}

function askToLeave(server, anchor) {
  const yes = el("button", { type: "button", class: "button danger" }, say("leave_yes"));
  const no = el("button", { type: "button", class: "button secondary", onclick: () => box.finish(undefined) }, say("cancel"));
  yes.addEventListener("click", async () => {
    const done = await whileBusy(yes, () => perform({ do: "leave", server: server.id }));
    if (done) box.finish(undefined);
  });
  const content = el("div", { class: "form" }, el("p", {}, say("leave_sure", { server: server.name })), el("div", { class: "dialog-foot" }, no, yes));
  const box = openDialog({ title: say("leave", { server: server.name }), className: "dialog-form", content, anchor });
  no.focus();
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
