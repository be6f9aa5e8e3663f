// The right: a guided tour in chapters. Pressing a step makes one the right person in the right room, with the words ready.

import { avatar, el, icon, roving } from "./dom.js";
import { state, tell } from "./state.js";

const KEY = "twincord-tour";
const ticks = () => new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
const keep = (done) => localStorage.setItem(KEY, JSON.stringify([...done]));
let open = null;

// A step that was followed to its end is ticked.
export function tick(key) {
  const now = ticks();
  now.add(key);
  keep(now);
}

// Shows where in the tour a step stands, which is being followed from now on.
export function showStep(step, goTo) {
  open = chapterOf(step).key;
  showTour(goTo);
  document.querySelector(`[data-keep="go-${CSS.escape(step.key)}"]`)?.closest(".step").scrollIntoView({ block: "nearest" });
}

export const chapterOf = (step) => state.world.tour.chapters.find((chapter) => chapter.steps.some((one) => one.key === step.key));

// The step after this one, in the next chapter where its own is over; none after the last.
export function stepAfter(step) {
  const all = state.world.tour.chapters.flatMap((chapter) => chapter.steps);
  return all[all.findIndex((one) => one.key === step.key) + 1];
}

export function showTour(goTo) {
  const place = document.getElementById("tour");
  const { chapters, language } = state.world.tour;
  place.setAttribute("aria-label", tell("tour"));
  place.lang = language;
  open ??= chapters[0].key;
  const done = ticks();
  const scrolled = place.querySelector(".chapters")?.scrollTop ?? 0;
  const kept = place.contains(document.activeElement) ? document.activeElement.dataset.keep : null;
  const again = () => showTour(goTo);
  const list = el("div", { class: "chapters" }, chapters.map((chapter) => chapterNode(chapter, done, again, goTo)));
  const all = chapters.flatMap((chapter) => chapter.steps);
  const count = all.filter((step) => done.has(step.key)).length;
  const over = el("button", { type: "button", class: "text-button", data: { keep: "over" }, onclick: () => { keep(new Set()); again(); } }, tell("tour_again"));
  const bar = el("progress", { max: String(all.length), "aria-label": tell("tour_progress") });
  bar.value = count;
  place.replaceChildren(
    el("header", { class: "tour-head" }, el("h2", {}, tell("tour")), el("button", { type: "button", class: "quiet only-mid", "aria-label": tell("close"), data: { shut: "tour" } }, icon("close"))),
    el("p", { class: "subtext" }, tell("tour_intro")), bar, list, count ? over : "",
  );
  roving(list, ".step-go");
  list.scrollTop = scrolled;
  if (kept) place.querySelector(`[data-keep="${CSS.escape(kept)}"]`)?.focus();
}

function chapterNode(chapter, done, again, goTo) {
  const count = chapter.steps.filter((step) => done.has(step.key)).length;
  const node = el("details", { class: "chapter", name: "chapter", open: open === chapter.key },
    el("summary", { data: { keep: `chapter-${chapter.key}` } }, el("span", { class: "chapter-title" }, chapter.title), el("span", { class: "subtext" }, tell("chapter_done", { done: String(count), all: String(chapter.steps.length) }))),
    el("ol", { class: "steps" }, chapter.steps.map((step, index) => stepNode(step, index, done, again, goTo))));
  node.addEventListener("toggle", () => {
    if (!node.open || open === chapter.key) return;
    open = chapter.key;
    node.scrollIntoView();
  });
  return node;
}

function stepNode(step, index, done, again, goTo) {
  const ticked = done.has(step.key);
  const toggle = (on) => { const now = ticks(); if (on) now.add(step.key); else now.delete(step.key); keep(now); };
  const box = el("input", { type: "checkbox", class: "tick", checked: ticked, "aria-label": tell("step_done", { step: step.title }), data: { keep: `tick-${step.key}` }, onchange: (event) => { toggle(event.target.checked); again(); } });
  const go = () => goTo(step);
  return el("li", { class: ticked ? "step is-done" : "step" },
    el("div", { class: "step-head" }, box, el("h3", {}, `${index + 1}. ${step.title}`)),
    el("p", {}, step.text),
    step.typed ? el("p", { class: "typed" }, el("code", {}, step.typed)) : null,
    el("button", { type: "button", class: "step-go", data: { keep: `go-${step.key}` }, onclick: go }, avatar({ id: step.person, name: step.who }, "small"), el("span", {}, tell("tour_as", { name: step.who })), icon("arrow")));
}
