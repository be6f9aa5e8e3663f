// Choosing one or several from a list: a button that opens a dialog with a field to narrow it.

import { openDialog } from "./dialog.js";
import { el, icon } from "./dom.js";
import { Listbox, narrow } from "./listbox.js";
import { allRooms, peopleHere, say, server, state } from "./state.js";

const SEARCHED_FROM = 8;

// Lets the person choose; calls onDone with the values, or not at all where she changed her mind.
export function pick({ title, options, chosen = [], min = 1, max = 1, anchor, onDone }) {
  const taken = new Set(chosen);
  const field = el("input", { type: "text", class: "field", "aria-label": say("search"), placeholder: say("search"), autocomplete: "off", spellcheck: "false" });
  const several = max > 1 || min === 0;
  const done = el("button", { type: "button", class: "button primary" }, say("done"));
  const list = new Listbox({
    field,
    label: title,
    multiple: several,
    onTake: (option) => {
      if (!several) return box.finish([option.value]);
      if (taken.has(option.value)) taken.delete(option.value);
      else if (max === 1) {
        taken.clear();
        taken.add(option.value);
      } else if (taken.size < max) taken.add(option.value);
      list.mark(taken);
      done.disabled = taken.size < min;
    },
  });
  const content = el("div", { class: options.length < SEARCHED_FROM ? "picker few" : "picker" }, field, list.node, several ? el("div", { class: "dialog-foot" }, done) : null);
  done.disabled = taken.size < min;
  done.addEventListener("click", () => box.finish([...taken]));
  field.addEventListener("input", () => list.show(narrow(options, field.value), taken));
  field.addEventListener("keydown", (event) => list.key(event));
  list.show(options, taken, Math.max(0, options.findIndex((option) => taken.has(option.value))));
  const box = openDialog({ title, className: "dialog-list", content, anchor, onClose: (values) => values && onDone(values) });
  field.focus();
}

// A button that shows what is chosen and lets one choose again.
export function pickerButton({ id, title, placeholder, options, chosen = [], min = 1, max = 1, disabled = false, onDone, describedBy }) {
  let values = [...chosen];
  const words = el("span", { class: "picker-words" });
  const button = el("button", { type: "button", id, class: "picker-button", disabled, "aria-haspopup": "dialog", "aria-describedby": describedBy }, words, icon("down"));
  const show = () => {
    const all = options();
    const names = values.map((value) => all.find((option) => option.value === value)?.name ?? value);
    words.textContent = names.join(", ") || placeholder;
    words.classList.toggle("is-empty", !names.length);
    button.setAttribute("aria-label", names.length ? `${title}: ${names.join(", ")}` : `${title}: ${placeholder}`);
  };
  button.addEventListener("click", () =>
    pick({ title, options: options(), chosen: values, min, max, anchor: button, onDone: (picked) => { values = picked; show(); onDone(picked); } }),
  );
  show();
  return button;
}

const people = () => peopleHere().map((someone) => ({ value: someone.id, name: someone.name, detail: someone.about, person: someone }));
const roles = () => (server(state.view?.room.server)?.roles ?? []).map((role) => ({ value: role.id, name: "@" + role.name }));

const CHANNEL_KINDS = { text: [0, 5], forum: [15], thread: [11, 12], post: [11], dm: [1] };

function rooms(kinds) {
  const here = state.view?.room.server;
  return allRooms()
    .filter((room) => room.server === here && here)
    .filter((room) => !kinds?.length || CHANNEL_KINDS[room.kind].some((kind) => kinds.includes(kind)))
    .map((room) => ({ value: room.id, name: room.name, mark: "#", detail: room.topic }));
}

// What a select menu or option of an entity type offers. Types are Discord's: 5/6 people, 6/8 roles, 7/9 both, 8/7 rooms.
export function entityOptions(kind, channelTypes) {
  if (kind === "user") return people();
  if (kind === "role") return roles();
  if (kind === "mentionable") return [...people(), ...roles()];
  return rooms(channelTypes);
}
