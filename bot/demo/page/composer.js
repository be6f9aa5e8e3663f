// Where one writes: plain messages, and "/" for the commands.

import { CommandForm } from "./commandform.js";
import { el, icon } from "./dom.js";
import { Listbox, narrow } from "./listbox.js";
import { perform, whileBusy } from "./perform.js";
import { peopleHere, say, server, state } from "./state.js";

const LONGEST = 2000;

export class Composer {
  constructor() {
    this.node = el("footer", { class: "composer" });
    this.files = [];
    this.editing = null;
    this.replyTo = null;
    this.#build();
  }

  // The room changed, or what the person may do in it.
  refresh() {
    const { room, may } = state.view;
    const silent = room.kind === "forum" || !may.write;
    this.text.placeholder = say("composer", { room: room.name });
    this.text.setAttribute("aria-label", say("composer", { room: room.name }));
    this.text.setAttribute("aria-description", say("composer_hint"));
    this.attach.hidden = silent || !may.files;
    this.attach.setAttribute("aria-label", say("attach"));
    this.send.setAttribute("aria-label", say("send"));
    this.bar.hidden = room.kind === "forum" || Boolean(this.form);
    this.hint.textContent = room.kind === "forum" ? say("forum_hint") : may.write ? "" : say("no_write");
    this.hint.hidden = !this.hint.textContent;
  }

  // The commands of this room are known now; whoever typed "/" meanwhile sees them.
  commandsCame() {
    if (this.text.value.startsWith("/") && document.activeElement === this.text) this.#typed();
  }

  reset() {
    this.text.value = "";
    this.files = [];
    this.#stopEditing();
    this.#closeForm(false);
    this.#closePalette();
    this.#showFiles();
    this.#grow();
  }

  prefill(text) {
    this.reset();
    // A command that needs no more words is opened at once.
    const whole = (state.commands?.slash ?? []).some((command) => [command.path, command.label].includes(text.slice(1)));
    this.text.value = whole ? text + " " : text;
    this.#grow();
    this.#typed();
    if (!this.form) this.text.focus();
  }

  insert(text) {
    if (this.form) this.#closeForm(false);
    this.text.setRangeText(text, this.text.selectionStart, this.text.selectionEnd, "end");
    this.text.focus();
    this.#grow();
  }

  reply(message) {
    this.#stopEditing();
    this.replyTo = message;
    this.#note(say("replying_to", { name: message.author.name }));
  }

  edit(message) {
    this.#stopEditing();
    this.editing = message;
    this.text.value = message.content;
    this.#note(say("editing"));
    this.#grow();
  }

  #build() {
    this.hint = el("p", { class: "composer-hint subtext", hidden: true });
    this.context = el("div", { class: "composer-context", hidden: true });
    this.chosen = el("ul", { class: "chosen-files", hidden: true });
    this.text = el("textarea", { id: "composer-text", rows: "1", maxlength: String(LONGEST), dir: "auto", autocomplete: "off" });
    this.input = el("input", { type: "file", multiple: true, hidden: true, tabindex: "-1" });
    this.attach = el("button", { type: "button", class: "quiet", onclick: () => this.input.click() }, icon("attach"));
    this.send = el("button", { type: "submit", class: "quiet send" }, icon("send"));
    this.bar = el("form", { class: "composer-bar" }, this.attach, this.text, this.send, this.input);
    this.list = new Listbox({ field: this.text, label: say("commands"), onTake: (option) => option.take(), emptyText: () => say("no_commands") });
    this.list.hide();
    this.node.append(el("div", { class: "palette" }, this.list.node), this.context, this.chosen, this.hint, this.bar);
    this.text.addEventListener("input", () => { this.#grow(); this.#typed(); });
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("blur", () => this.#closePalette());
    this.text.addEventListener("focus", () => this.#typed());
    this.text.addEventListener("paste", (event) => this.#take([...event.clipboardData.files], event));
    this.input.addEventListener("change", () => { this.#take([...this.input.files]); this.input.value = ""; });
    this.bar.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
  }

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 220)}px`;
  }

  #key(event) {
    if (event.key === "Tab" && this.list.open && this.list.at >= 0 && !event.shiftKey) {
      event.preventDefault();
      this.list.options[this.list.at].take();
    } else if (this.list.key(event)) {
      return;
    } else if (event.key === "Escape") {
      if (this.list.open) this.#closePalette();
      else this.#stopEditing();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    }
  }

  #typed() {
    const text = this.text.value;
    if (text.startsWith("/")) return this.#commands(text.slice(1));
    const at = text.slice(0, this.text.selectionStart).match(/(?:^|\s)@([\p{L}\p{N}.-]{0,24})$/u);
    if (at && state.view?.room.server) return this.#mentions(at[1]);
    return this.#closePalette();
  }

  #commands(typed) {
    if (!state.commands) return this.#closePalette();
    const all = state.commands.slash;
    const complete = all.find((command) => [command.path, command.label].some((name) => typed.toLowerCase().startsWith(name + " ")));
    if (complete) {
      const name = typed.toLowerCase().startsWith(complete.label + " ") ? complete.label : complete.path;
      return this.#openForm(complete, typed.slice(name.length + 1));
    }
    const options = all.map((command) => ({
      value: command.path,
      name: "/" + command.label,
      also: command.path,
      detail: command.description,
      take: () => this.#openForm(command, ""),
    }));
    const found = narrow(options, typed);
    const starts = (option) => option.name.slice(1).startsWith(typed) || option.also.startsWith(typed);
    return this.list.show([...found.filter(starts), ...found.filter((option) => !starts(option))]);
  }

  #mentions(typed) {
    const options = [
      ...peopleHere().map((someone) => ({ value: someone.id, name: someone.name, detail: someone.about, person: someone, words: `<@${someone.id}>` })),
      ...(server(state.view.room.server)?.roles ?? []).map((role) => ({ value: role.id, name: "@" + role.name, words: `<@&${role.id}>` })),
    ];
    const found = narrow(options, typed).slice(0, 12);
    if (!found.length) return this.#closePalette();
    const take = (option) => {
      const end = this.text.selectionStart;
      this.text.setRangeText(option.words + " ", end - typed.length - 1, end, "end");
      this.#closePalette();
    };
    return this.list.show(found.map((option) => ({ ...option, take: () => take(option) })));
  }

  #closePalette() {
    this.list.hide();
  }

  #openForm(command, rest) {
    this.#closePalette();
    this.text.value = "";
    this.#grow();
    this.form = new CommandForm(command, rest, () => this.#closeForm(true));
    this.bar.hidden = true;
    this.bar.before(this.form.node);
    this.form.start();
  }

  #closeForm(focus) {
    if (!this.form) return;
    this.form.node.remove();
    this.form = null;
    this.bar.hidden = false;
    if (focus) this.text.focus();
  }

  #take(files, event) {
    if (!files.length) return;
    event?.preventDefault();
    this.files.push(...files);
    this.#showFiles();
  }

  #showFiles() {
    this.chosen.hidden = !this.files.length;
    this.chosen.replaceChildren(
      ...this.files.map((file) => {
        const remove = () => { this.files = this.files.filter((each) => each !== file); this.#showFiles(); this.text.focus(); };
        return el("li", {}, icon("file"), file.name, el("button", { type: "button", class: "quiet", "aria-label": say("remove_file", { file: file.name }), onclick: remove }, icon("close")));
      }),
    );
  }

  #note(text) {
    const stop = el("button", { type: "button", class: "quiet", "aria-label": say("cancel"), onclick: () => { this.#stopEditing(); this.text.focus(); } }, icon("close"));
    this.context.replaceChildren(el("span", {}, text), stop);
    this.context.hidden = false;
    this.text.focus();
  }

  #stopEditing() {
    if (this.editing) this.text.value = "";
    this.editing = null;
    this.replyTo = null;
    this.context.hidden = true;
    this.#grow();
  }

  async #submit() {
    const content = this.text.value.trim();
    const { room, may } = state.view;
    if ((!content && !this.files.length) || content.startsWith("/")) return;
    if (room.kind === "forum" || !may.write) return;
    const action = this.editing
      ? { do: "edit", message: this.editing.id, content }
      : { do: "send", content, ...(this.replyTo ? { reply_to: this.replyTo.id } : {}) };
    const done = await whileBusy(this.send, () => perform(action, this.editing ? [] : this.files));
    if (!done) return;
    this.editing = null;
    this.reset();
    // Whoever has gone elsewhere meanwhile is not called back.
    if (this.node.contains(document.activeElement) || document.activeElement === document.body) this.text.focus();
  }
}
