// Dialogs over the page: the focus stays inside, Escape closes, and it goes back where it came from.

import { el, freshId, icon } from "./dom.js";
import { say } from "./state.js";

export function openDialog({ title, className = "", content, anchor = null, onClose = () => {} }) {
  const titleId = freshId("title");
  const cameFrom = document.activeElement;
  const heading = el("h2", { id: titleId }, title);
  const close = el("button", { type: "button", class: "quiet", "aria-label": say("close") }, icon("close"));
  const dialog = el("dialog", { class: `dialog ${className}`, "aria-labelledby": titleId }, el("header", { class: "dialog-head" }, heading, close), content);
  let answer;
  const finish = (value) => {
    answer = value;
    dialog.close();
  };
  close.addEventListener("click", () => finish(undefined));
  dialog.addEventListener("click", (event) => event.target === dialog && finish(undefined));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (cameFrom?.isConnected) cameFrom.focus();
    else document.getElementById("conversation").focus();
    onClose(answer);
  });
  document.body.append(dialog);
  dialog.showModal();
  if (anchor) place(dialog, anchor);
  return { dialog, finish };
}

// Beside what opened it where there is room; the style sheet puts it at the bottom of a phone.
function place(dialog, anchor) {
  if (matchMedia("(max-width: 700px)").matches) return;
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = dialog;
  const below = box.bottom + 6 + height <= innerHeight - 8;
  const top = below ? box.bottom + 6 : Math.max(8, Math.min(box.top - height - 6, innerHeight - height - 8));
  dialog.classList.add("anchored");
  dialog.style.top = `${top}px`;
  dialog.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
}
