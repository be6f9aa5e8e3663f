// A chosen slash command: its options as fields, with what the bot proposes while one types.

import { act, Refused } from "./api.js";
import { el, freshId, icon } from "./dom.js";
import { Listbox } from "./listbox.js";
import { perform, whileBusy } from "./perform.js";
import { entityOptions, pickerButton } from "./picker.js";
import { say } from "./state.js";

const ENTITIES = { 6: "user", 7: "channel", 8: "role", 9: "mentionable" };
const PAUSE = 160;

export class CommandForm {
  constructor(command, rest, leave) {
    this.command = command;
    this.leave = leave;
    this.fields = new Map();
    this.files = [];
    this.note = el("p", { class: "form-problem", role: "alert" });
    this.list = el("div", { class: "command-fields" });
    this.more = el("div", { class: "command-more" });
    this.run = el("button", { type: "submit", class: "button primary" }, say("send"));
    const title = freshId("command");
    const close = el("button", { type: "button", class: "quiet", "aria-label": say("cancel"), onclick: leave }, icon("close"));
    this.node = el(
      "form",
      { class: "command-form", "aria-labelledby": title, novalidate: true },
      el("header", {}, el("h2", { id: title }, "/" + command.label), el("p", { class: "subtext" }, command.description), close),
      this.list,
      this.more,
      this.note,
      el("div", { class: "command-foot" }, el("span", { class: "subtext" }, say("command_keys")), this.run),
    );
    this.node.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.node.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); leave(); } });
    for (const option of command.options) if (option.required) this.#add(option);
    this.#fill(rest);
    this.#offerMore();
  }

  start() {
    const first = [...this.fields.values()].find((field) => field.missing()) ?? [...this.fields.values()].at(-1);
    (first ?? { focus: () => this.run.focus() }).focus();
    first?.suggest?.();
  }

  // "topic:rain gardens level:expert", or just the first option's words.
  #fill(rest) {
    const names = this.command.options.flatMap((option) => [option.name, option.label]);
    const marks = [...rest.matchAll(/(?:^|\s)([^\s:]+):\s*/g)].filter((mark) => names.includes(mark[1]));
    if (!marks.length) {
      const first = this.command.options[0];
      if (first && rest.trim()) this.#add(first).set(rest.trim());
      return;
    }
    marks.forEach((mark, index) => {
      const option = this.command.options.find((each) => each.name === mark[1] || each.label === mark[1]);
      const value = rest.slice(mark.index + mark[0].length, marks[index + 1]?.index ?? rest.length).trim();
      this.#add(option).set(value);
    });
  }

  #offerMore() {
    const left = this.command.options.filter((option) => !this.fields.has(option.name));
    const add = (option) => { const field = this.#add(option); this.#offerMore(); field.focus(); };
    this.more.replaceChildren(...left.map((option) => el("button", { type: "button", class: "chip", onclick: () => add(option) }, icon("plus"), option.label, el("span", { class: "unseen" }, " ", say("optional")))));
    this.more.hidden = !left.length;
  }

  #add(option) {
    if (this.fields.has(option.name)) return this.fields.get(option.name);
    const field = this.#field(option);
    this.fields.set(option.name, field);
    const label = el("label", { for: field.id }, option.label);
    const remove = option.required ? null : el("button", { type: "button", class: "quiet", "aria-label": say("remove_option", { option: option.label }), onclick: () => { this.fields.delete(option.name); field.row.remove(); this.#offerMore(); this.run.focus(); } }, icon("close"));
    field.row = el("div", { class: "command-field" }, label, el("div", { class: "command-value" }, field.node, el("p", { class: "subtext", id: `${field.id}-hint` }, option.description)), remove);
    this.list.append(field.row);
    return field;
  }

  #field(option) {
    const id = freshId("option");
    if (ENTITIES[option.type]) return this.#entity(option, id);
    if (option.type === 11) return this.#file(option, id);
    if (option.type === 5) return this.#choice(option, id, [{ value: "true", name: say("yes") }, { value: "false", name: say("no") }]);
    if (option.choices.length && !option.autocomplete) return this.#choice(option, id, option.choices);
    return this.#text(option, id);
  }

  #entity(option, id) {
    let values = [];
    const node = pickerButton({ id, title: option.label, placeholder: say("choose"), options: () => entityOptions(ENTITIES[option.type], option.channel_types), onDone: (picked) => (values = picked), describedBy: `${id}-hint` });
    return { id, node, set: () => {}, focus: () => node.focus(), missing: () => !values.length, value: () => values[0] };
  }

  #file(option, id) {
    const node = el("input", { type: "file", id, class: "field" });
    const value = () => [...node.files].map((file) => this.files.push(file) - 1);
    return { id, node, set: () => {}, focus: () => node.focus(), missing: () => !node.files.length, value };
  }

  #choice(option, id, choices) {
    let values = [];
    const options = choices.map((choice) => ({ value: choice.value, name: choice.name }));
    const make = () => pickerButton({ id, title: option.label, placeholder: say("choose"), chosen: values, options: () => options, onDone: (picked) => (values = picked), describedBy: `${id}-hint` });
    const field = { id, node: make(), focus: () => field.node.focus(), missing: () => !values.length, value: () => (option.type === 5 ? values[0] === "true" : values[0]) };
    field.set = (text) => {
      const found = options.find((choice) => [choice.name, choice.value].some((word) => word.toLowerCase() === text.toLowerCase()));
      if (!found) return;
      values = [found.value];
      const fresh = make();
      field.node.replaceWith(fresh);
      field.node = fresh;
    };
    return field;
  }

  #text(option, id) {
    const numeric = option.type === 4 || option.type === 10;
    const node = el("input", { type: "text", id, class: "field", inputmode: numeric ? "decimal" : null, autocomplete: "off", spellcheck: "false", dir: "auto", maxlength: String(option.max_length ?? 6000), "aria-describedby": `${id}-hint`, "aria-required": String(Boolean(option.required)) });
    const field = { id, node, taken: null, focus: () => node.focus(), missing: () => !node.value.trim() };
    field.set = (text) => { node.value = text; field.taken = null; };
    field.value = () => (field.taken !== null ? field.taken : node.value);
    if (option.autocomplete) this.#suggesting(option, field);
    return field;
  }

  #suggesting(option, field) {
    const input = field.node;
    const list = new Listbox({ field: input, label: option.label, onTake: (choice) => take(choice) });
    const box = el("div", { class: "suggesting" }, input, list.node);
    list.hide();
    let timer = 0;
    let asked = 0;
    const take = (choice) => {
      input.value = choice.name;
      field.taken = choice.value;
      list.hide();
      clearTimeout(timer);
      asked += 1;
    };
    const ask = async () => {
      const mine = (asked += 1);
      try {
        const { choices } = await act({ do: "autocomplete", command: this.command.path, option: option.name, value: input.value, options: this.#values(option.name) });
        if (mine === asked && document.activeElement === input) list.show(choices, new Set(), choices.length ? 0 : -1);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (mine === asked) this.note.textContent = error.message;
      }
    };
    const later = (pause) => { clearTimeout(timer); timer = setTimeout(ask, pause); };
    input.addEventListener("input", () => { field.taken = null; this.note.textContent = ""; later(PAUSE); });
    input.addEventListener("focus", () => field.taken === null && later(0));
    input.addEventListener("blur", () => { clearTimeout(timer); asked += 1; list.hide(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Tab" && list.open && list.at >= 0 && !event.shiftKey) take(list.options[list.at]);
      else if (list.key(event)) event.stopPropagation();
      else if (event.key === "Escape" && list.open) { event.stopPropagation(); event.preventDefault(); list.hide(); }
    });
    field.suggest = () => later(0);
    field.node = box;
    field.focus = () => input.focus();
    field.missing = () => !input.value.trim();
  }

  #values(except) {
    this.files.length = 0;
    const values = {};
    for (const [name, field] of this.fields) if (name !== except && !field.missing()) values[name] = field.value();
    return values;
  }

  async #send() {
    const missing = this.command.options.find((option) => option.required && this.fields.get(option.name).missing());
    if (missing) {
      this.note.textContent = say("fill_in", { field: missing.label });
      this.fields.get(missing.name).focus();
      return;
    }
    const action = { do: "slash", command: this.command.path, options: this.#values() };
    const done = await whileBusy(this.run, () => perform(action, [...this.files], { onProblem: (words) => (this.note.textContent = words) }));
    if (done) this.leave();
  }
}
