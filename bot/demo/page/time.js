// Moments in the reader's language.

import { el } from "./dom.js";
import { language } from "./state.js";

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
const STEPS = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86400, "hour", 3600],
  [2592000, "day", 86400],
  [31536000, "month", 2592000],
  [Infinity, "year", 31536000],
];

export const format = (date, style) => new Intl.DateTimeFormat(language(), STYLES[style] ?? STYLES.f).format(date);

function relative(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  return new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

export function moment(date, style = "f") {
  const node = el("time", { datetime: date.toISOString(), title: format(date, "F") });
  node.textContent = style === "R" ? relative(date) : format(date, style);
  if (style === "R") node.dataset.relative = "";
  return node;
}

// When a message was written: the time of day, with the day where it was not today.
export function stamp(text) {
  const date = new Date(text);
  const today = date.toDateString() === new Date().toDateString();
  return moment(date, today ? "t" : "f");
}

setInterval(() => {
  for (const node of document.querySelectorAll("time[data-relative]")) node.textContent = relative(new Date(node.dateTime));
}, 20000);
