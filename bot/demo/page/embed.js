// An embed: a card with a coloured edge.

import { colour } from "./components.js";
import { el } from "./dom.js";
import { inline, markdown } from "./markdown.js";
import { picture } from "./pictures.js";
import { stamp } from "./time.js";

const address = (url) => (/^https?:\/\//.test(url ?? "") ? url : null);

function titled(text, url, className) {
  const words = inline(text);
  const where = address(url);
  return el("p", { class: className }, where ? el("a", { href: where, target: "_blank", rel: "noopener noreferrer" }, words) : words);
}

export function embedNode(embed) {
  const card = el("article", { class: "embed" });
  if (embed.color != null) card.style.setProperty("--accent", colour(embed.color));
  const text = el("div", { class: "embed-text" });
  if (embed.author?.name) text.append(titled(embed.author.name, embed.author.url, "embed-author"));
  if (embed.title) text.append(titled(embed.title, embed.url, "embed-title"));
  if (embed.description) text.append(markdown(embed.description));
  if (embed.fields?.length) text.append(el("dl", { class: "fields" }, embed.fields.map(field)));
  const foot = [embed.footer?.text, embed.timestamp ? stamp(embed.timestamp) : null].filter(Boolean);
  card.append(text);
  const side = embed.thumbnail ? picture(embed.thumbnail, "thumbnail") : null;
  if (side) card.append(side);
  const image = embed.image ? picture(embed.image) : null;
  if (image) card.append(el("div", { class: "embed-image" }, image));
  if (foot.length) card.append(el("p", { class: "embed-foot subtext" }, foot.length > 1 ? [foot[0], " · ", foot[1]] : foot));
  return card;
}

function field(each) {
  return el("div", { class: each.inline ? "field-inline" : "field-block" }, el("dt", {}, inline(each.name)), el("dd", {}, markdown(each.value)));
}
