// What can be pressed and chosen in a message, and the layouts of Components V2.

import { el, icon } from "./dom.js";
import { markdown } from "./markdown.js";
import { picture } from "./pictures.js";
import { entityOptions, pickerButton } from "./picker.js";
import { perform, whileBusy } from "./perform.js";
import { say } from "./state.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };
export const ENTITIES = { 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

export const emojiText = (emoji) => (emoji ? (emoji.id ? `:${emoji.name}:` : emoji.name) + " " : "");

export const stringOptions = (component) =>
  (component.options ?? []).map((option) => ({ value: option.value, name: emojiText(option.emoji) + option.label, detail: option.description }));

export function componentNodes(components, message) {
  return components.map((component) => build(component, message)).filter(Boolean);
}

function build(component, message) {
  switch (component.type) {
    case 1:
      return el("div", { class: "row", role: "group" }, componentNodes(component.components, message));
    case 2:
      return button(component, message);
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return select(component, message);
    case 9:
      return el("div", { class: "section" }, el("div", { class: "section-text" }, componentNodes(component.components, message)), build(component.accessory, message));
    case 10:
      return markdown(component.content);
    case 11:
      return picture({ url: component.media.url, description: component.description }, "thumbnail");
    case 12:
      return el("div", { class: "gallery" }, component.items.map((item) => picture({ url: item.media.url, description: item.description })));
    case 13:
      return el("a", { class: "file", href: component.file.url, download: component.name }, icon("file"), component.name ?? say("file"));
    case 14:
      return component.divider === false ? el("div", { class: "gap" }) : el("hr");
    case 17: {
      const box = el("div", { class: "container" }, componentNodes(component.components, message));
      if (component.accent_color != null) box.style.setProperty("--accent", colour(component.accent_color));
      return box;
    }
    default:
      return null;
  }
}

export const colour = (number) => `#${number.toString(16).padStart(6, "0")}`;

function button(component, message) {
  const words = [emojiText(component.emoji), component.label ?? ""];
  if (component.style === 5) {
    return el("a", { class: "button link", href: safeAddress(component.url), target: "_blank", rel: "noopener noreferrer" }, words, el("span", { class: "away", "aria-hidden": "true" }, "↗"));
  }
  const node = el("button", { type: "button", class: `button ${STYLES[component.style] ?? "secondary"}`, disabled: component.disabled === true, data: { keep: component.custom_id } }, words);
  node.addEventListener("click", () => whileBusy(node, () => perform({ do: "click", message: message.id, custom_id: component.custom_id })));
  return node;
}

const safeAddress = (address) => (/^https?:\/\//.test(address ?? "") ? address : null);

function select(component, message) {
  const kind = ENTITIES[component.type];
  const options = () => (kind ? entityOptions(kind, component.channel_types) : stringOptions(component));
  const defaults = kind ? (component.default_values ?? []).map((value) => String(value.id)) : (component.options ?? []).filter((option) => option.default).map((option) => option.value);
  const node = pickerButton({
    title: component.placeholder ?? say("choose"),
    placeholder: component.placeholder ?? say("choose"),
    options,
    chosen: defaults,
    min: component.min_values ?? 1,
    max: component.max_values ?? 1,
    disabled: component.disabled === true,
    onDone: (values) => whileBusy(node, () => perform({ do: "select", message: message.id, custom_id: component.custom_id, values })),
  });
  node.dataset.keep = component.custom_id;
  return node;
}
