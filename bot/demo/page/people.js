// Being someone else.

import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { Listbox, narrow } from "./listbox.js";
import { say, state } from "./state.js";

export function choosePerson(anchor) {
  const field = el("input", { type: "text", class: "field", "aria-label": say("find_person"), placeholder: say("find_person"), autocomplete: "off", spellcheck: "false" });
  const names = new Intl.DisplayNames([state.world.language], { type: "language" });
  const options = state.world.people.filter((someone) => someone.playable).map((someone) => ({
    value: someone.id,
    name: someone.name,
    person: someone,
    detail: [someone.about, names.of(someone.locale.split("-")[0])].filter(Boolean).join(" · "),
    also: someone.servers.flatMap((one) => [one.name, ...one.roles]).join(" "),
  }));
  const list = new Listbox({ field, label: say("people"), onTake: (option) => { box.finish(undefined); location.hash = `#${option.value}`; } });
  field.addEventListener("input", () => list.show(narrow(options, field.value), new Set([state.world.person])));
  field.addEventListener("keydown", (event) => list.key(event));
  const at = options.findIndex((option) => option.value === state.world.person);
  list.show(options, new Set([state.world.person]), at);
  const box = openDialog({ title: say("switch_person"), className: "dialog-list", content: el("div", { class: "picker" }, field, list.node), anchor });
  list.node.children[at]?.scrollIntoView({ block: "nearest" });
  field.focus();
}
