// One chat on the page: the applicant's chat, or one topic of the staff group.

import { base64, get, post } from "./api.js";
import { draw, element } from "./message.js";
import { notice, toast } from "./notices.js";

const TYPING_MS = 5000;
const NEAR_BOTTOM = 120;
const DAY = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });

export class Conversation {
  // `root` is where it is drawn; `actAs()` gives the id of the person who writes here.
  constructor(root, actAs) {
    this.root = root;
    this.actAs = actAs;
    this.chatId = null;
    this.threadId = null;
    this.messages = new Map();
    this.waiting = new Map();
    this.commands = [];
    this.editing = null;
    root.append(document.getElementById("conversation").content.cloneNode(true));
    this.find = (selector) => root.querySelector(selector);
    this.list = this.find(".messages");
    this.scroll = this.find(".scroll");
    this.input = this.find("textarea");
    this.listen();
  }

  listen() {
    this.find("form").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("input", () => { this.grow(); this.suggest(); });
    this.find(".menu").addEventListener("click", () => this.toggleMenu());
    this.find(".start").addEventListener("click", () => this.say("/start"));
    this.find(".cancel").addEventListener("click", () => this.stopEditing());
    this.find(".attach").addEventListener("click", () => this.find(".file").click());
    this.find(".file").addEventListener("change", (event) => this.attach(event.target));
    this.find(".to-bottom").addEventListener("click", () => this.toBottom(true));
    this.scroll.addEventListener("scroll", () => this.markBottom());
  }

  get isPrivate() { return this.chatId > 0; }

  // Show a chat from its beginning. `head`: title, status, avatar, description, language.
  async open(chatId, threadId, head) {
    const ticket = this.ticket = Symbol("open");
    this.chatId = chatId;
    this.threadId = threadId;
    this.head = head;
    this.setHead();
    this.stopEditing();
    this.hideTyping();
    const query = threadId ? `?thread_id=${threadId}` : "";
    const messages = await get(`chats/${chatId}/messages${query}`);
    if (ticket !== this.ticket) return;
    this.messages.clear();
    this.waiting.clear();
    this.list.replaceChildren();
    for (const message of messages) this.add(message);
    await this.loadCommands();
    this.refresh();
    this.toBottom();
  }

  setHead(head = this.head) {
    this.head = head;
    this.find(".title").textContent = head.title;
    this.find(".avatar").textContent = head.avatar;
    this.find(".status").textContent = head.status;
    this.list.setAttribute("aria-label", `Messages: ${head.title}`);
    this.root.lang = head.language ?? "";
  }

  async loadCommands() {
    const language = encodeURIComponent(this.head.language ?? "");
    this.commands = await get(`commands?chat_id=${this.chatId}&language_code=${language}`);
    this.find(".menu").hidden = this.commands.length === 0;
  }

  // Which of welcome text, START button, composer and reply keyboard are there.
  refresh() {
    const fresh = this.isPrivate && this.messages.size === 0;
    const welcome = this.find(".welcome");
    welcome.hidden = !fresh;
    welcome.querySelector("p").textContent = this.head.description ?? "";
    const start = this.find(".start");
    start.hidden = !fresh && !this.head.blocked;
    start.textContent = this.head.blocked ? "UNBLOCK" : "START";
    this.find(".composer").hidden = !start.hidden;
    this.drawKeyboard();
  }

  drawKeyboard() {
    const box = this.find(".keyboard");
    const rows = this.head.keyboard?.keyboard ?? [];
    box.hidden = rows.length === 0;
    box.replaceChildren(...rows.map((row) => {
      const line = element("div", "row");
      for (const button of row) {
        const made = element("button", "choice", button.text ?? button);
        made.type = "button";
        made.addEventListener("click", () => this.say(button.text ?? button));
        line.append(made);
      }
      return line;
    }));
    this.input.placeholder = this.head.keyboard?.input_field_placeholder || "Message";
  }

  // Events

  handle(event) {
    if (event.chat_id !== this.chatId) return;
    if (event.type === "message" && this.belongs(event.message)) this.arrive(event.message);
    if (event.type === "edited" && this.messages.has(event.message.message_id)) this.replace(event.message);
    if (event.type === "deleted") this.drop(event.message_id);
    if (event.type === "action" && (event.thread_id ?? null) === (this.threadId === 1 ? null : this.threadId)) this.showTyping();
    if (event.type === "callback_answer") this.answered(event);
    if (event.type === "reaction") this.reaction(event);
    if (event.type === "keyboard") { this.head.keyboard = event.keyboard; this.drawKeyboard(); }
  }

  belongs(message) {
    return this.threadId === null || (message.message_thread_id ?? 1) === this.threadId;
  }

  arrive(message) {
    if (this.messages.has(message.message_id)) return;
    const follow = this.atBottom() || message.from.id === this.actAs();
    if (message.from.id !== this.actAs()) this.hideTyping();
    this.add(message);
    this.refresh();
    if (follow) this.toBottom(); else this.find(".to-bottom").classList.add("news");
  }

  add(message) {
    const day = DAY.format(new Date(message.date * 1000));
    if (day !== this.lastDay || this.list.childElementCount === 0) this.list.append(element("p", "day", day));
    this.lastDay = day;
    this.messages.set(message.message_id, message);
    this.list.append(this.drawn(message));
  }

  drawn(message) {
    const own = this.isPrivate ? message.from.id === this.actAs() : !message.from.is_bot || Boolean(message.sender_chat);
    return draw(message, {
      own,
      showName: !this.isPrivate,
      canEdit: own && (message.text !== undefined) && (message.from.id === this.actAs()),
      onPress: (button, data) => this.press(message, button, data),
      onCommand: (text) => this.say(text),
      onEdit: () => this.startEditing(message),
    });
  }

  node(messageId) { return this.list.querySelector(`[data-id="${messageId}"]`); }

  replace(message) {
    const follow = this.atBottom();
    this.messages.set(message.message_id, message);
    this.node(message.message_id)?.replaceWith(this.drawn(message));
    if (follow) this.toBottom();
  }

  redrawAll() {
    for (const message of this.messages.values()) this.node(message.message_id)?.replaceWith(this.drawn(message));
  }

  drop(messageId) {
    this.messages.delete(messageId);
    this.node(messageId)?.remove();
  }

  reaction(event) {
    const bubble = this.node(event.message_id)?.querySelector(".bubble");
    if (!bubble) return;
    bubble.querySelector(".reaction")?.remove();
    if (event.reactions.length) bubble.append(element("span", "reaction", event.reactions.join(" ")));
  }

  showTyping() {
    const follow = this.atBottom();
    this.find(".typing").hidden = false;
    this.find(".status").textContent = "typing…";
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.hideTyping(), TYPING_MS);
    if (follow) this.toBottom();
  }

  hideTyping() {
    clearTimeout(this.typingTimer);
    this.find(".typing").hidden = true;
    if (this.head) this.find(".status").textContent = this.head.status;
  }

  // Acts

  place() {
    const place = this.isPrivate ? {} : { chat_id: this.chatId };
    return this.threadId && this.threadId !== 1 ? { ...place, thread_id: this.threadId } : place;
  }

  async act(action, body) {
    try {
      return await post(`persons/${this.actAs()}/${action}`, { ...this.place(), ...body });
    } catch (error) {
      toast(error.message, this.find(".conversation"));
      return null;
    }
  }

  async say(text) {
    if (this.head.blocked) {
      await this.act("unblock", {});
      this.head.blocked = false;
      this.refresh();
      return true;
    }
    return Boolean(await this.act("say", { text }));
  }

  // The field is emptied at once, so that the next message can be typed; what failed comes back.
  async submit() {
    const text = this.input.value.trim();
    if (!text) return;
    const editing = this.editing;
    this.stopEditing();
    this.setInput("");
    this.input.focus();
    const before = this.sent ?? Promise.resolve();
    this.sent = before.then(() => (editing ? this.act("edit", { message_id: editing, text }) : this.say(text)));
    if (!(await this.sent) && this.input.value === "") this.setInput(text);
  }

  setInput(text) {
    this.input.value = text;
    this.grow();
    this.suggest();
  }

  async press(message, button, data) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const pressed = await this.act("press", { message_id: message.message_id, button: data.callback_data ?? data.text });
    if (!pressed) { button.removeAttribute("aria-busy"); return; }
    this.waiting.set(pressed.query_id, button);
    if (this.early?.query_id === pressed.query_id) this.answered(this.early);
    setTimeout(() => this.release(pressed.query_id), 15000);
  }

  answered(event) {
    // The bot may answer before our own request for the press has returned.
    if (!this.waiting.has(event.query_id)) { this.early = event; return; }
    this.release(event.query_id);
    if (event.text && event.show_alert) notice(event.text);
    else if (event.text) toast(event.text, this.find(".conversation"));
  }

  release(queryId) {
    this.waiting.get(queryId)?.removeAttribute("aria-busy");
    this.waiting.delete(queryId);
  }

  async attach(input) {
    const file = input.files[0];
    if (!file) return;
    const picture = ["image/png", "image/jpeg", "image/gif", "image/webp"].includes(file.type);
    const caption = this.input.value.trim();
    const body = { data: await base64(file), filename: file.name, mime_type: file.type || "application/octet-stream", caption };
    input.value = "";
    if (await this.act(picture ? "photo" : "document", body)) this.setInput("");
  }

  startEditing(message) {
    this.editing = message.message_id;
    this.find(".editing").hidden = false;
    this.setInput(message.text);
    this.input.focus();
  }

  stopEditing() {
    if (this.editing) this.setInput("");
    this.editing = null;
    this.find(".editing").hidden = true;
  }

  editLast() {
    const own = [...this.messages.values()].filter((m) => m.from.id === this.actAs() && m.text !== undefined);
    if (own.length) this.startEditing(own[own.length - 1]);
  }

  // Input

  key(event) {
    // While an input method composes Chinese or Japanese, Enter only picks a word.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
    if (event.key === "Escape") { this.stopEditing(); this.closeMenu(); }
    if (event.key === "ArrowUp" && this.input.value === "") { event.preventDefault(); this.editLast(); }
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
  }

  suggest() {
    const typed = this.input.value;
    if (/^\/[a-z0-9_]*$/i.test(typed)) this.openMenu(typed.slice(1).toLowerCase());
    else this.closeMenu();
  }

  toggleMenu() {
    if (this.find(".commands").hidden) this.openMenu(""); else this.closeMenu();
  }

  openMenu(prefix) {
    const fitting = this.commands.filter((command) => command.command.startsWith(prefix));
    const menu = this.find(".commands");
    menu.replaceChildren(...fitting.map((command) => {
      const item = element("li");
      const button = element("button", "", "");
      button.type = "button";
      button.append(element("strong", "", `/${command.command}`), element("span", "", command.description));
      button.addEventListener("click", () => { this.setInput(""); this.closeMenu(); this.say(`/${command.command}`); this.input.focus(); });
      item.append(button);
      return item;
    }));
    menu.hidden = fitting.length === 0;
    this.find(".menu").setAttribute("aria-expanded", String(!menu.hidden));
  }

  closeMenu() {
    this.find(".commands").hidden = true;
    this.find(".menu").setAttribute("aria-expanded", "false");
  }

  // Scrolling

  atBottom() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_BOTTOM;
  }

  toBottom(smooth = false) {
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.markBottom();
  }

  markBottom() {
    const button = this.find(".to-bottom");
    button.hidden = this.atBottom();
    if (button.hidden) button.classList.remove("news");
  }
}
