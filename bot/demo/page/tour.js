// The right: a short guided tour. Pressing a step makes one the right person in the right room, with the words ready.

import { avatar, el, icon, roving } from "./dom.js";
import { say, state } from "./state.js";

const KEY = "twincord-tour";
const ticks = () => new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
const keep = (done) => localStorage.setItem(KEY, JSON.stringify([...done]));

// A step that was followed to its end is ticked.
export function tick(key) {
  const now = ticks();
  now.add(key);
  keep(now);
}

export function showTour(goTo) {
  const place = document.getElementById("tour");
  place.setAttribute("aria-label", say("tour"));
  const done = ticks();
  const scrolled = place.querySelector(".steps")?.scrollTop ?? 0;
  const kept = place.contains(document.activeElement) ? document.activeElement.dataset.keep : null;
  const again = () => showTour(goTo);
  const list = el("ol", { class: "steps" }, state.world.steps.map((step, index) => stepNode(step, index, done, again, goTo)));
  const count = state.world.steps.filter((step) => done.has(step.key)).length;
  const over = el("button", { type: "button", class: "text-button", data: { keep: "over" }, onclick: () => { keep(new Set()); again(); } }, say("tour_again"));
  const bar = el("progress", { max: String(state.world.steps.length), "aria-label": say("tour_progress") });
  bar.value = count;
  place.replaceChildren(
    el("header", { class: "tour-head" }, el("h2", {}, say("tour")), el("button", { type: "button", class: "quiet only-mid", "aria-label": say("close"), data: { shut: "tour" } }, icon("close"))),
    el("p", { class: "subtext" }, say("tour_intro")), bar, list, count ? over : "",
  );
  roving(list, ".step-go");
  list.scrollTop = scrolled;
  if (kept) place.querySelector(`[data-keep="${CSS.escape(kept)}"]`)?.focus();
}

function stepNode(step, index, done, again, goTo) {
  const ticked = done.has(step.key);
  const toggle = (on) => { const now = ticks(); if (on) now.add(step.key); else now.delete(step.key); keep(now); };
  const box = el("input", { type: "checkbox", class: "tick", checked: ticked, "aria-label": say("step_done", { step: step.title }), data: { keep: `tick-${step.key}` }, onchange: (event) => { toggle(event.target.checked); again(); } });
  const go = () => goTo(step);
  return el("li", { class: ticked ? "step is-done" : "step" },
    el("div", { class: "step-head" }, box, el("h3", {}, `${index + 1}. ${step.title}`)),
    el("p", {}, step.text),
    step.typed ? el("p", { class: "typed" }, el("code", {}, step.typed)) : null,
    el("button", { type: "button", class: "step-go", data: { keep: `go-${step.key}` }, onclick: go }, avatar({ id: step.person, name: step.who }, "small"), el("span", {}, say("tour_as", { name: step.who })), icon("arrow")));
}
