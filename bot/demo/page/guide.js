// The step that is being followed, above the conversation: what to do, where to press, and which step comes next.

import { status } from "./announce.js";
import { lookAt, toEnd } from "./conversation.js";
import { el, icon } from "./dom.js";
import { state, tell } from "./state.js";
import { chapterOf, stepAfter, tick } from "./tour.js";

let step = null;
let done = false;
let goTo = () => {};
let pointed = null;

export function startGuide(given) {
  goTo = given;
}

export function follow(chosen) {
  step = chosen;
  done = false;
  show();
  status(`${step.title}. ${step.text}`);
}

// The words that stand ready in a form: those of the step, for whom it is about.
export const words = () => (step && step.person === state.world.person ? step.words : {});

// Something was done. Whether it was what the step asked for, in the end.
export function did(action) {
  if (!step || done || step.person !== state.world.person) return false;
  const pressed = `${action.do}:${action.custom_id ?? action.name ?? ""}`;
  if (!(step.does ? pressed.startsWith(step.does) : action.do === "slash" && step.command === action.command)) return false;
  tick(step.key);
  done = true;
  show();
  toEnd();
  return true;
}

// A step that only asks to look is done with the arrival.
export function arrived() {
  if (step?.does === "look" && `${step.person}/${step.room}` === `${state.world.person}/${state.room}`) did({ do: "look" });
}

function leave() {
  step = null;
  show();
  point();
}

export function show() {
  const place = document.getElementById("guide");
  if (!place) return;
  place.hidden = !step;
  place.classList.toggle("is-done", done && step?.does !== "look");
  if (!step) return place.replaceChildren();
  place.lang = state.world.tour.language;
  const chapter = chapterOf(step);
  const number = chapter.steps.findIndex((one) => one.key === step.key) + 1;
  const where = tell("step_of", { number: String(number), all: String(chapter.steps.length), chapter: chapter.title });
  const next = stepAfter(step);
  const away = step.person !== state.world.person;
  const onward = (to, words, kind) => el("button", { type: "button", class: `button ${kind}`, data: { keep: "guide-next" }, onclick: () => goTo(to) }, words, icon("arrow"));
  const foot = [];
  if (done) foot.push(el("strong", { class: "guide-done" }, tell("well_done")));
  if (away && !done) foot.push(onward(step, tell("tour_as", { name: step.who }), "primary"));
  else if (next) foot.push(onward(next, tell("next_as", { name: next.who }), done ? "primary" : "secondary"));
  place.setAttribute("aria-label", tell("tour"));
  return place.replaceChildren(
    el("header", {}, el("span", { class: "subtext" }, where), el("button", { type: "button", class: "quiet", "aria-label": tell("stop_following"), onclick: leave }, icon("close"))),
    el("h2", {}, step.title), el("p", {}, step.text), el("div", { class: "guide-foot" }, foot));
}

// Marks what is to be pressed next: of the presses of the step, the furthest that can be made here.
export function point() {
  const found = step && !done && step.person === state.world.person ? toPress() : null;
  if (found === pointed) return;
  pointed?.classList.remove("pointed");
  pointed = found;
  if (!found) return;
  found.classList.add("pointed");
  if (found.closest(".log")) lookAt(found);
}

function toPress() {
  for (const press of [...step.presses].reverse()) {
    const at = press.indexOf(":") + 1;
    const name = at ? press.slice(at) : press;
    const places = [...document.querySelectorAll(`#conversation .log [data-keep^="${CSS.escape(name)}"]:not(:disabled), #rooms [data-keep^="${CSS.escape(name)}-"]`)];
    const place = places.at(-1);
    if (place) return place.closest("[inert]") ? document.querySelector("[data-open=rooms]") : place;
  }
  return null;
}
