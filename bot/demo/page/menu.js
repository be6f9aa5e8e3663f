// A menu of actions at a button or at the pointer, for keyboard and mouse.

import { el } from "./dom.js";

let openMenu = null;

// items: { name, run, danger? } or { heading }
export function showMenu({ label, items, anchor, x, y }) {
  openMenu?.close(false);
  const cameFrom = anchor ?? document.activeElement;
  const node = el("div", { class: "menu", role: "menu", "aria-label": label });
  const close = (returnFocus = true) => {
    if (openMenu?.node !== node) return;
    openMenu = null;
    node.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (returnFocus && cameFrom?.isConnected) cameFrom.focus();
  };
  const outside = (event) => node.contains(event.target) || close(false);
  for (const item of items) {
    if (item.heading) {
      node.append(el("div", { class: "menu-heading", role: "presentation" }, item.heading));
      continue;
    }
    const run = () => {
      close();
      item.run();
    };
    node.append(el("button", { type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "menu-item danger" : "menu-item", onclick: run }, item.name));
  }
  node.addEventListener("keydown", (event) => onKey(event, node, close));
  node.addEventListener("focusout", (event) => event.relatedTarget && !node.contains(event.relatedTarget) && close(false));
  document.body.append(node);
  openMenu = { node, close };
  put(node, anchor, x, y);
  document.addEventListener("pointerdown", outside, true);
  node.querySelector(".menu-item")?.focus();
}

function onKey(event, node, close) {
  const items = [...node.querySelectorAll(".menu-item")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (event.key.length === 1) {
    items.find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  }
}

function put(node, anchor, x, y) {
  const box = anchor?.getBoundingClientRect();
  const left = box ? box.right - node.offsetWidth : x;
  const top = box ? box.bottom + 4 : y;
  node.style.left = `${Math.max(8, Math.min(left, innerWidth - node.offsetWidth - 8))}px`;
  node.style.top = `${Math.max(8, Math.min(top, innerHeight - node.offsetHeight - 8))}px`;
}
