// A forum: its posts, newest first, and opening one.

import { openDialog } from "./dialog.js";
import { avatar, el, icon } from "./dom.js";
import { perform, whileBusy } from "./perform.js";
import { say, state } from "./state.js";
import { stamp } from "./time.js";

export function forumNode() {
  const { posts, may } = state.view;
  const start = may.write ? el("button", { type: "button", class: "button primary", onclick: (event) => newPost(event.currentTarget) }, icon("plus"), say("new_post")) : null;
  return el("div", { class: "forum" }, el("div", { class: "forum-head" }, start), posts.length ? el("ul", { class: "posts" }, posts.map(card)) : el("p", { class: "empty" }, say("no_posts")));
}

function card(post) {
  const who = post.author ? [avatar(post.author, "small"), el("span", {}, post.author.name)] : [];
  return el("li", {}, el("a", { class: "post", href: `#${state.world.person}/${post.id}` },
    post.tags.length ? el("span", { class: "tags" }, post.tags.map((tag) => el("span", { class: "tag" }, tag))) : null,
    el("strong", { class: "post-title", dir: "auto" }, post.name, post.unread ? el("span", { class: "dot" }, el("span", { class: "unseen" }, say("unread", { n: String(post.unread) }))) : null),
    el("span", { class: "post-excerpt", dir: "auto" }, post.excerpt),
    el("span", { class: "post-foot subtext" }, who, el("span", {}, say("replies", { n: String(post.replies) })), post.at ? stamp(post.at) : null, post.closed ? el("span", {}, say("closed")) : null),
  ));
}

function newPost(anchor) {
  const title = el("input", { id: "post-title", class: "field", maxlength: "100", required: true });
  const text = el("textarea", { id: "post-text", class: "field", rows: "6", maxlength: "2000", required: true });
  const send = el("button", { type: "submit", class: "button primary" }, say("send"));
  const note = el("p", { class: "form-problem", role: "alert" });
  const form = el("form", { class: "form" }, el("label", { for: "post-title" }, say("post_title")), title, el("label", { for: "post-text" }, say("post_text")), text, note, el("div", { class: "dialog-foot" }, send));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const action = { do: "post", title: title.value, content: text.value };
    const done = await whileBusy(send, () => perform(action, [], { onProblem: (words) => (note.textContent = words) }));
    if (done) box.finish(undefined);
  });
  const box = openDialog({ title: say("new_post"), className: "dialog-form", content: form });
  title.focus();
  return anchor;
}
