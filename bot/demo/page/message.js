// One message: who, when, what, and what can be done with it.

import { componentNodes } from "./components.js";
import { avatar, el, icon } from "./dom.js";
import { embedNode } from "./embed.js";
import { markdown } from "./markdown.js";
import { openMessageMenu, openPersonMenu } from "./actions.js";
import { attachment } from "./pictures.js";
import { perform, whileBusy } from "./perform.js";
import { say, state } from "./state.js";
import { stamp } from "./time.js";

const SYSTEM = { 6: "pinned", 7: "joined", 4: "renamed" };

export function messageNode(message, previous) {
  if (message.type === 18) return threadLine(message);
  if (SYSTEM[message.type]) return line(message, say(SYSTEM[message.type], { name: message.author.name, room: message.content }));
  const together = continues(message, previous);
  const node = el("article", {
    class: ["message", together && "together", message.private && "private", message.mentions_me && "calls-me"].filter(Boolean).join(" "),
    tabindex: "-1",
    data: { id: message.id },
    "aria-label": label(message),
  });
  node.append(together ? el("span", { class: "gutter" }) : avatar(message.author));
  const body = el("div", { class: "message-body" });
  if (message.private) body.append(el("p", { class: "only-you" }, icon("eye"), say("only_you")));
  if (message.reply) body.append(replyLine(message.reply));
  if (message.used && message.used.slash) body.append(el("p", { class: "used subtext" }, say("used", { name: message.used.by, command: "/" + message.used.command })));
  else if (message.used) body.append(el("p", { class: "used subtext" }, say("used", { name: message.used.by, command: message.used.command })));
  if (!together) body.append(head(message));
  body.append(content(message));
  node.append(body, tools(message));
  node.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img, input, textarea") || String(getSelection())) return;
    event.preventDefault();
    const byKey = event.clientX === 0 && event.clientY === 0;
    openMessageMenu(message, byKey ? { anchor: node } : { x: event.clientX, y: event.clientY });
  });
  return node;
}

function continues(message, previous) {
  return Boolean(
    previous && previous.author.id === message.author.id && previous.type === 0 && message.type === 0 &&
      !message.used && !message.private && !previous.private && new Date(message.at) - new Date(previous.at) < 5 * 60000,
  );
}

function label(message) {
  return say(message.private ? "private_message_from" : "message_from", { name: message.author.name });
}

function head(message) {
  const name = el("button", { type: "button", class: "author", "aria-haspopup": "menu", onclick: (event) => openPersonMenu(message.author, { anchor: event.currentTarget }) }, message.author.name);
  return el("header", { class: "message-head" }, name, message.author.bot ? el("span", { class: "badge" }, say("app")) : null, stamp(message.at));
}

function content(message) {
  const parts = [];
  if (message.loading) parts.push(el("p", { class: "thinking" }, el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), say("thinking")));
  if (message.content) parts.push(markdown(message.content));
  if (message.edited) parts.push(el("span", { class: "subtext" }, say("edited")));
  parts.push(...message.attachments.filter((file) => !inLayout(message, file)).map(attachment));
  parts.push(...message.embeds.map(embedNode));
  if (message.components.length) parts.push(el("div", { class: "components" }, componentNodes(message.components, message)));
  if (message.reactions.length) parts.push(el("div", { class: "reactions" }, message.reactions.map((each) => reaction(each, message))));
  if (message.thread && message.thread.id === message.id) parts.push(threadLink(message.thread));
  if (message.private) parts.push(dismiss(message));
  return el("div", { class: "message-content" }, parts);
}

// A picture that the layout itself shows is not shown again below it.
const inLayout = (message, file) => JSON.stringify(message.components).includes(file.url);

function dismiss(message) {
  const press = () => perform({ do: "dismiss", message: message.id });
  return el("p", { class: "only-you-foot" }, el("button", { type: "button", class: "text-button", data: { keep: "dismiss" }, onclick: press }, say("dismiss")));
}

function replyLine(reply) {
  if (!reply.id) return el("p", { class: "reply subtext" }, icon("reply"), say("message_gone"));
  const jump = () => document.querySelector(`.message[data-id="${reply.id}"]`)?.focus();
  return el("button", { type: "button", class: "reply subtext", onclick: jump }, icon("reply"), el("strong", {}, reply.author.name), " ", reply.text);
}

function reaction(each, message) {
  const emoji = each.emoji.id ? `${each.emoji.name}:${each.emoji.id}` : each.emoji.name;
  const node = el("button", { type: "button", class: "reaction", "aria-pressed": String(each.me), disabled: !state.view.may.react, data: { keep: "reaction-" + emoji } }, each.emoji.name, " ", String(each.count));
  node.addEventListener("click", () => whileBusy(node, () => perform({ do: "react", message: message.id, emoji, on: !each.me })));
  return node;
}

function threadLink(thread) {
  return el("a", { class: "thread-link", href: `#${state.world.person}/${thread.id}` }, icon("thread"), el("strong", {}, thread.name), " ", el("span", { class: "subtext" }, say("replies", { n: String(thread.count) })));
}

function threadLine(message) {
  // The message at which the thread began shows it already.
  if (state.view.messages.some((other) => other.id === message.thread?.id)) return el("span", { hidden: true });
  const text = say("started_thread", { name: message.author.name });
  return line(message, text, message.thread ? threadLink(message.thread) : null);
}

function line(message, ...children) {
  return el("p", { class: "system subtext", data: { id: message.id } }, children, " ", stamp(message.at));
}

function tools(message) {
  const more = el("button", { type: "button", class: "quiet more", "aria-haspopup": "menu", "aria-label": say("more"), data: { keep: "more" } }, icon("more"));
  more.addEventListener("click", () => openMessageMenu(message, { anchor: more }));
  return el("div", { class: "tools" }, more);
}
