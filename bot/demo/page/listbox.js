// A list to choose from, steered from a text field: arrows move, Enter takes, the field keeps the focus.

import { avatar, el, freshId } from "./dom.js";
import { say } from "./state.js";

// An option: { value, name, detail?, mark?, disabled? }
export class Listbox {
  constructor({ field, label, multiple = false, onTake, emptyText = () => say("nothing_found") }) {
    this.field = field;
    this.onTake = onTake;
    this.emptyText = emptyText;
    this.options = [];
    this.at = -1;
    this.chosen = new Set();
    this.node = el("ul", { class: "listbox", role: "listbox", id: freshId("list"), "aria-label": label, "aria-multiselectable": multiple ? "true" : null });
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.node.id);
    field.setAttribute("aria-expanded", "false");
  }

  show(options, chosen = this.chosen, start = options.length ? 0 : -1) {
    this.options = options;
    this.chosen = chosen;
    this.node.replaceChildren(
      ...(options.length
        ? options.map((option, index) => this.#row(option, index))
        : [el("li", { class: "listbox-empty", role: "option", "aria-disabled": "true", "aria-selected": "false" }, this.emptyText())]),
    );
    this.field.setAttribute("aria-expanded", "true");
    this.node.hidden = false;
    this.#move(Math.min(start, options.length - 1));
  }

  hide() {
    this.node.hidden = true;
    this.at = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  get open() {
    return !this.node.hidden && this.node.isConnected && this.field.getAttribute("aria-expanded") === "true";
  }

  // Returns whether the key was one of the list's.
  key(event) {
    if (!this.open || event.isComposing) return false;
    const to = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageDown: this.at + 8, PageUp: this.at - 8 }[event.key];
    if (to !== undefined) {
      const count = this.options.length;
      if (count) this.#move(event.key.startsWith("Page") ? Math.max(0, Math.min(count - 1, to)) : (to + count) % count);
      event.preventDefault();
      return true;
    }
    if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.onTake(this.options[this.at]);
      return true;
    }
    return false;
  }

  mark(chosen) {
    this.chosen = chosen;
    [...this.node.children].forEach((row, index) => {
      const on = chosen.has(this.options[index]?.value);
      row.setAttribute("aria-selected", String(on));
      row.classList.toggle("is-chosen", on);
    });
  }

  #row(option, index) {
    const on = this.chosen.has(option.value);
    return el(
      "li",
      {
        id: `${this.node.id}-${index}`,
        class: on ? "option is-chosen" : "option",
        role: "option",
        "aria-selected": String(on),
        onpointermove: () => this.at !== index && this.#move(index, false),
        // The field must not lose the focus to a press on the list.
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => this.onTake(option),
      },
      option.person ? avatar(option.person, "small") : null,
      option.mark ? el("span", { class: "option-mark", "aria-hidden": "true" }, option.mark) : null,
      el("span", { class: "option-words" }, el("span", { class: "option-name" }, option.name), option.detail ? el("span", { class: "option-detail" }, option.detail) : null),
    );
  }

  #move(index, scroll = true) {
    this.node.querySelector(".is-active")?.classList.remove("is-active");
    this.at = index;
    const row = index >= 0 ? this.node.children[index] : null;
    if (!row) return this.field.removeAttribute("aria-activedescendant");
    row.classList.add("is-active");
    if (scroll) row.scrollIntoView({ block: "nearest" });
    return this.field.setAttribute("aria-activedescendant", row.id);
  }
}

// Words typed in any order, without regard to marks and case.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function narrow(options, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return options;
  return options.filter((option) => {
    const text = plain(`${option.name} ${option.detail ?? ""} ${option.also ?? ""}`);
    return words.every((word) => text.includes(word));
  });
}
