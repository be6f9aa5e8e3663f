// The people of the open room's server, each with the bot's menus.

import { openPersonMenu } from "./actions.js";
import { openDialog } from "./dialog.js";
import { avatar, el, icon, roving } from "./dom.js";
import { peopleHere, say, state } from "./state.js";

export function openPeople(anchor) {
  const list = el("ul", { class: "people" });
  for (const someone of peopleHere()) {
    const roles = someone.servers.find((one) => one.id === state.view.room.server)?.roles ?? [];
    const open = (event) => {
      box.finish(undefined);
      openPersonMenu(someone, { x: event.clientX || innerWidth / 2, y: event.clientY || innerHeight / 3 });
    };
    list.append(
      el("li", {}, el("button", { type: "button", class: "person-row", "aria-haspopup": "menu", onclick: open },
        avatar(someone, "small"),
        el("span", { class: "option-words" }, el("span", { class: "option-name" }, someone.name, someone.bot ? el("span", { class: "badge" }, say("app")) : null),
          el("span", { class: "option-detail" }, [someone.about, ...(someone.bot ? [] : roles)].filter(Boolean).join(" · "))),
        icon("more"))),
    );
  }
  roving(list, ".person-row");
  const box = openDialog({ title: say("people_here"), className: "dialog-list", content: list, anchor });
  list.querySelector(".person-row")?.focus();
}
