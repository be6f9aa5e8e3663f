// Telling the person something: seen for a while, and said by a screen reader.

import { el, icon } from "./dom.js";
import { say } from "./state.js";

const SECONDS = 9;

export function problem(text) {
  const place = document.getElementById("alerts");
  const note = el("div", { class: "alert" }, el("p", {}, text));
  note.append(
    el("button", { type: "button", class: "quiet", "aria-label": say("close"), onclick: () => note.remove() }, icon("close")),
  );
  place.replaceChildren(note);
  setTimeout(() => note.remove(), SECONDS * 1000);
}

export function status(text) {
  const place = document.getElementById("status");
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = text));
}
