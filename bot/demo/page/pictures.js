// Pictures with what they show in words, and other files.

import { openDialog } from "./dialog.js";
import { el, icon } from "./dom.js";
import { say } from "./state.js";

export function picture({ url, description }, className = "") {
  const alt = description || say("picture_without_words");
  // The page shows nothing from other addresses: a picture from elsewhere becomes a link to it.
  if (!url?.startsWith("/media/")) {
    if (!/^https?:\/\//.test(url ?? "")) return null;
    return el("a", { class: "file", href: url, target: "_blank", rel: "noopener noreferrer" }, icon("file"), description || say("picture_elsewhere"));
  }
  const image = el("img", { src: url, alt, loading: "lazy" });
  const large = () => openDialog({ title: alt, className: "dialog-picture", content: el("img", { src: url, alt }) });
  return el("button", { type: "button", class: `picture ${className}`, "aria-label": say("enlarge", { picture: alt }), onclick: large }, image);
}

export function attachment(file) {
  if (file.content_type?.startsWith("image/") && !file.content_type.includes("svg")) {
    const shown = picture({ url: file.url, description: file.description });
    return file.description ? el("figure", {}, shown, el("figcaption", { class: "subtext", "aria-hidden": "true" }, file.description)) : shown;
  }
  const size = file.size < 1024 ? `${file.size} B` : `${Math.round(file.size / 1024)} kB`;
  return el("a", { class: "file", href: file.url, download: file.filename }, icon("file"), el("span", {}, file.filename), el("span", { class: "subtext" }, size));
}
