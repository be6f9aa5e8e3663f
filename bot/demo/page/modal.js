// A form that the bot shows: every kind of control of a Discord modal.

import { ENTITIES, stringOptions } from "./components.js";
import { openDialog } from "./dialog.js";
import { el, freshId } from "./dom.js";
import { markdown } from "./markdown.js";
import { perform, whileBusy } from "./perform.js";
import { entityOptions, pickerButton } from "./picker.js";
import { say } from "./state.js";

// `ready` has words for its fields, by their names.
export function showForm(modal, ready = {}) {
  const controls = [];
  const files = [];
  const note = el("p", { class: "form-problem", role: "alert" });
  const send = el("button", { type: "submit", class: "button primary" }, say("send"));
  const cancel = el("button", { type: "button", class: "button secondary", onclick: () => box.finish(undefined) }, say("cancel"));
  const form = el("form", { class: "form", novalidate: true }, modal.components.map((component) => part(component, controls, files, ready)), note, el("div", { class: "dialog-foot" }, cancel, send));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = controls.find((control) => control.missing());
    if (missing) {
      note.textContent = say("fill_in", { field: missing.label });
      missing.focus();
      return;
    }
    const values = {};
    files.length = 0;
    for (const control of controls) values[control.id] = control.value();
    const done = await whileBusy(send, () => perform({ do: "modal", modal: modal.id, values }, files, { onProblem: (words) => (note.textContent = words) }));
    if (done) box.finish(undefined);
  });
  const box = openDialog({ title: modal.title, className: "dialog-form", content: form });
  controls[0]?.focus();
}

function part(component, controls, files, ready) {
  if (component.type === 10) return markdown(component.content);
  if (component.type === 1) return component.components.map((child) => labelled(filled(child, ready), child.label ?? "", "", controls, files));
  if (component.type === 18) return labelled(filled(component.component, ready), component.label, component.description ?? "", controls, files);
  return null;
}

// A text or a choice, with what stands ready for it.
function filled(component, ready) {
  const words = ready[component.custom_id];
  if (words === undefined) return component;
  if (component.type === 4) return { ...component, value: words };
  if (component.type !== 3) return component;
  return { ...component, options: component.options.map((option) => ({ ...option, default: option.value === words })) };
}

function labelled(component, label, description, controls, files) {
  const id = freshId("control");
  const hint = description ? el("p", { class: "subtext", id: `${id}-hint` }, description) : null;
  const optional = component.required === false && component.type !== 23;
  const words = [label, optional ? el("span", { class: "subtext" }, " ", say("optional")) : null];
  const control = { id: component.custom_id, label, missing: () => false, ...build(component, { id, label, hint: hint ? `${id}-hint` : null }, files) };
  controls.push(control);
  if (control.group) return el("fieldset", {}, el("legend", {}, words), hint, control.node);
  return el("div", { class: "labelled" }, el("label", { for: id }, words), hint, control.node);
}

function build(component, place, files) {
  switch (component.type) {
    case 4:
      return textInput(component, place);
    case 19:
      return fileUpload(component, place, files);
    case 21:
      return choiceGroup(component, place, "radio");
    case 22:
      return choiceGroup(component, place, "checkbox");
    case 23:
      return checkbox(component, place);
    default:
      return select(component, place);
  }
}

function textInput(component, { id, hint }) {
  const long = component.style === 2;
  const node = el(long ? "textarea" : "input", {
    id, class: "field", rows: long ? "5" : null, maxlength: String(component.max_length ?? 4000),
    placeholder: component.placeholder, "aria-describedby": hint, "aria-required": String(component.required !== false), dir: "auto",
  });
  node.value = component.value ?? "";
  return { node, value: () => node.value, focus: () => node.focus(), missing: () => component.required !== false && !node.value };
}

function select(component, { id, label, hint }) {
  const kind = ENTITIES[component.type];
  let values = kind ? (component.default_values ?? []).map((value) => String(value.id)) : component.options.filter((option) => option.default).map((option) => option.value);
  const required = component.required !== false;
  const node = pickerButton({
    id, title: label, placeholder: component.placeholder ?? say("choose"), chosen: values, describedBy: hint,
    options: () => (kind ? entityOptions(kind, component.channel_types) : stringOptions(component)),
    min: required ? Math.max(1, component.min_values ?? 1) : 0,
    max: component.max_values ?? 1,
    onDone: (picked) => (values = picked),
  });
  return { node, value: () => values, focus: () => node.focus(), missing: () => required && !values.length };
}

function fileUpload(component, { id, hint }, files) {
  const node = el("input", { type: "file", id, class: "field", multiple: (component.max_values ?? 1) > 1, "aria-describedby": hint });
  const value = () => [...node.files].map((file) => files.push(file) - 1);
  return { node, value, focus: () => node.focus(), missing: () => component.required !== false && !node.files.length };
}

function choiceGroup(component, { id, hint }, type) {
  const inputs = component.options.map((option, index) => {
    const input = el("input", { type, name: id, id: `${id}-${index}`, checked: option.default === true });
    input.value = option.value;
    return { input, row: el("label", { class: "choice", for: `${id}-${index}` }, input, el("span", { class: "option-words" }, el("span", {}, option.label), option.description ? el("span", { class: "option-detail" }, option.description) : null)) };
  });
  const chosen = () => inputs.filter(({ input }) => input.checked).map(({ input }) => input.value);
  const node = el("div", { role: type === "radio" ? "radiogroup" : "group", "aria-describedby": hint }, inputs.map(({ row }) => row));
  return { node, group: true, value: () => (type === "radio" ? chosen()[0] ?? "" : chosen()), focus: () => inputs[0].input.focus(), missing: () => component.required === true && !chosen().length };
}

function checkbox(component, { id, hint }) {
  const node = el("input", { type: "checkbox", id, checked: component.default === true, "aria-describedby": hint });
  return { node, value: () => node.checked, focus: () => node.focus() };
}
