// Discord's Markdown as elements. What is not understood stays as it was typed.

import { el } from "./dom.js";
import { person, role, roomName, say, state } from "./state.js";
import { moment } from "./time.js";

const BLOCKS = [
  [/^```(?:[\w+-]*\n)?([\s\S]*?)```\n?/, (found) => el("pre", {}, el("code", {}, found[1].replace(/\n$/, "")))],
  [/^>>> ?([\s\S]*)/, (found) => el("blockquote", {}, blocks(found[1]))],
  [/^(?:> ?.*(?:\n|$))+/, (found) => el("blockquote", {}, blocks(found[0].replace(/^> ?/gm, "").replace(/\n$/, "")))],
  [/^(#{1,3}) +(.+)(?:\n|$)/, (found) => el("p", { class: `h${found[1].length}`, role: "heading", "aria-level": String(found[1].length + 2) }, inline(found[2]))],
  [/^-# +(.+)(?:\n|$)/, (found) => el("p", { class: "subtext" }, inline(found[1]))],
  [/^(?: *[-*] +.+(?:\n|$))+/, (found) => list("ul", found[0], /^ *[-*] +/)],
  [/^(?: *\d+\. +.+(?:\n|$))+/, (found) => list("ol", found[0], /^ *\d+\. +/)],
];
const STARTS_BLOCK = /^(?:```|>|#{1,3} |-# | *[-*] | *\d+\. )/;

// Discord shows the address of a room, or of a message in it, as that room.
const ROOM = "https:\\/\\/discord\\.com\\/channels\\/\\d+\\/(\\d+)(?:\\/\\d+)?(?!\\w)";

const INLINE = [
  [/^\\([^\w\s])/, (found) => found[1]],
  [/^``([^`][\s\S]*?)``/, (found) => el("code", {}, found[1])],
  [/^`([^`\n]+)`/, (found) => el("code", {}, found[1])],
  [/^\*\*\*([^\s*][\s\S]*?)\*\*\*(?!\*)/, (found) => el("strong", {}, el("em", {}, inline(found[1])))],
  [/^\*\*([\s\S]+?)\*\*(?!\*)/, (found) => el("strong", {}, inline(found[1]))],
  [/^__([\s\S]+?)__(?!_)/, (found) => el("u", {}, inline(found[1]))],
  [/^\*(?=\S)([\s\S]*?[^\s*])\*(?!\*)/, (found) => el("em", {}, inline(found[1]))],
  [/^_(?=\S)([\s\S]*?[^\s_])_(?![\w_])/, (found) => el("em", {}, inline(found[1]))],
  [/^~~([\s\S]+?)~~/, (found) => el("s", {}, inline(found[1]))],
  [/^\|\|([\s\S]+?)\|\|/, (found) => spoiler(found[1])],
  [new RegExp(`^\\[([^\\]\\n]+)\\]\\(<?${ROOM}>?\\)`), (found) => roomLink(found[2], inline(found[1]))],
  [new RegExp(`^<?${ROOM}>?`), (found) => roomLink(found[1])],
  [/^\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: "[^"\n]*")?\)/, (found) => link(found[2], inline(found[1]))],
  [/^<(https?:\/\/[^\s>]+)>/, (found) => link(found[1], found[1])],
  [/^https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"]/, (found) => link(found[0], found[0])],
  [/^<@!?(\d+)>/, (found) => mention("@" + (person(found[1])?.name ?? say("someone")), found[1] === state.world.person)],
  [/^<@&(\d+)>/, (found) => mention("@" + (role(found[1])?.name ?? say("someone")))],
  [/^<#(\d+)>/, (found) => roomLink(found[1])],
  [/^<\/([\w-]+(?: [\w-]+)*):\d+>/, (found) => mention("/" + commandName(found[1]))],
  [/^<t:(-?\d{1,11})(?::([tTdDfFR]))?>/, (found) => moment(new Date(Number(found[1]) * 1000), found[2])],
  [/^<a?:(\w+):\d+>/, (found) => `:${found[1]}:`],
  [/^@(?:everyone|here)\b/, (found) => mention(found[0])],
  [/^\n/, () => el("br")],
];
const PLAIN = /^[^\\`*_~|[<h@\n]+/;

export function markdown(text) {
  return el("div", { class: "prose", dir: "auto" }, blocks(text));
}

function blocks(text) {
  const nodes = [];
  let rest = text;
  let apart = false;
  const add = (node) => {
    if (apart && nodes.length) node.classList.add("apart");
    nodes.push(node);
    apart = false;
  };
  while (rest) {
    const hit = firstMatch(BLOCKS, rest);
    if (hit) {
      add(hit.node);
      rest = rest.slice(hit.length);
      continue;
    }
    let paragraph = "";
    while (rest && !(paragraph && STARTS_BLOCK.test(rest))) {
      const line = rest.match(/^[^\n]*\n?/)[0];
      paragraph += line;
      rest = rest.slice(line.length);
      if (line === "\n") break;
    }
    const words = paragraph.replace(/\n+$/, "");
    if (words) add(el("p", { dir: "auto" }, inline(words)));
    apart ||= /(?:^|\n)\n$/.test(paragraph);
  }
  return nodes;
}

export function inline(text) {
  const nodes = [];
  let rest = text;
  let before = "";
  while (rest) {
    // A word like snake_case_name is not emphasis.
    const inWord = rest[0] === "_" && /\w$/.test(before);
    const hit = inWord ? null : firstMatch(INLINE, rest);
    const piece = hit ? hit.node : (rest.match(PLAIN) ?? [rest[0]])[0];
    const length = hit ? hit.length : piece.length;
    if (typeof piece === "string" && typeof nodes.at(-1) === "string") nodes[nodes.length - 1] += piece;
    else nodes.push(piece);
    before = rest.slice(0, length);
    rest = rest.slice(length);
  }
  return nodes;
}

function firstMatch(rules, text) {
  for (const [pattern, build] of rules) {
    const found = text.match(pattern);
    if (found && found[0]) return { node: build(found), length: found[0].length };
  }
  return null;
}

function list(tag, text, marker) {
  const items = text.replace(/\n$/, "").split("\n");
  return el(tag, {}, items.map((item) => el("li", { class: /^ {2,}/.test(item) ? "deeper" : null, dir: "auto" }, inline(item.replace(marker, "")))));
}

function link(address, children) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
}

function mention(text, mine = false) {
  return el("span", { class: mine ? "mention mention-me" : "mention" }, text);
}

// A command as the viewer knows it: Discord's link carries the name in the code.
function commandName(path) {
  return state.commands?.slash.find((command) => command.path === path)?.label ?? path;
}

function roomLink(id, words = null) {
  const name = roomName(id);
  if (!name && !words) return mention("#" + say("unknown_room"));
  return el("a", { class: "mention", href: `#${state.world.person}/${id}` }, words ?? "#" + name);
}

function spoiler(text) {
  const words = el("span", { class: "hidden-words", "aria-hidden": "true" }, inline(text));
  const cover = el("button", { type: "button", class: "spoiler", "aria-label": say("spoiler") }, words);
  cover.addEventListener("click", () => cover.replaceWith(el("span", { class: "spoiler-open" }, inline(text))), { once: true });
  return cover;
}
