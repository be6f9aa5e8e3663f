// The menus of a message and of a person: what one can always do, and what the bot adds.

import { showMenu } from "./menu.js";
import { perform } from "./perform.js";
import { person, say, state } from "./state.js";

const hooks = { reply: () => {}, edit: () => {}, insert: () => {} };

export function connectActions(given) {
  Object.assign(hooks, given);
}

export function openMessageMenu(message, where) {
  const mine = message.author.id === state.world.person;
  const items = [];
  if (message.private) items.push({ name: say("dismiss"), run: () => perform({ do: "dismiss", message: message.id }) });
  else if (state.view.may.write) items.push({ name: say("reply"), run: () => hooks.reply(message) });
  if (mine) items.push({ name: say("edit_message"), run: () => hooks.edit(message) });
  if (mine || (state.view.may.delete && !message.private)) items.push({ name: say("delete"), danger: true, run: () => perform({ do: "delete", message: message.id }) });
  const offered = state.commands?.message ?? [];
  if (offered.length) {
    items.push({ heading: say("apps") });
    for (const command of offered) items.push({ name: command.label, run: () => perform({ do: "menu", name: command.name, message: message.id }) });
  }
  items.push(...personItems(message.author, message.author.name));
  showMenu({ label: say("more"), items, ...where });
}

export function openPersonMenu(someone, where) {
  const items = personItems(someone, null);
  if (!items.length) return;
  showMenu({ label: someone.name, items: [{ heading: someone.name }, ...items], ...where });
}

function personItems(someone, heading) {
  const items = [];
  const known = person(someone.id);
  const offered = known && state.view?.room.server ? (state.commands?.user ?? []) : [];
  if (heading && (offered.length || known)) items.push({ heading });
  if (known && state.view?.may.write) items.push({ name: say("mention", { name: someone.name }), run: () => hooks.insert(`<@${someone.id}> `) });
  for (const command of offered) items.push({ name: command.label, run: () => perform({ do: "menu", name: command.name, user: someone.id }) });
  return items;
}
