// Drawing one message. Text only ever becomes text nodes: nothing from a message is parsed as HTML.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const CLOCK = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// One message as an <article>. `options`: own, showName, canEdit, onPress(button, title), onCommand(text), onEdit().
export function draw(message, options) {
  const service = serviceText(message);
  if (service) return drawService(message, service);
  const article = element("article", options.own ? "message own" : "message");
  article.dataset.id = message.message_id;
  article.setAttribute("aria-label", `${senderName(message)}, ${clock(message)}`);
  const bubble = element("div", "bubble");
  if (options.showName) bubble.append(element("span", "name", senderName(message)));
  if (message.forward_origin) bubble.append(element("span", "forwarded", "Forwarded"));
  addQuote(bubble, message);
  addMedia(bubble, message);
  addText(bubble, message, options);
  bubble.append(foot(message, options));
  article.append(bubble);
  addButtons(article, message, options);
  return article;
}

function senderName(message) {
  return message.sender_chat ? `${message.sender_chat.title} (anonymous)` : message.from.first_name;
}

export function clock(message) {
  return CLOCK.format(new Date(message.date * 1000));
}

function foot(message, options) {
  const line = element("span", "foot-line");
  if (options.canEdit) {
    const edit = element("button", "edit", "Edit");
    edit.type = "button";
    edit.addEventListener("click", options.onEdit);
    line.append(edit);
  }
  if (message.edit_date) line.append(element("span", "", "edited"));
  const time = element("time", "", clock(message));
  time.dateTime = new Date(message.date * 1000).toISOString();
  line.append(time);
  return line;
}

function addQuote(bubble, message) {
  const quoted = message.reply_to_message;
  // A topic's messages all "reply" to the one that opened the topic: that is no quotation.
  if (!quoted || quoted.forum_topic_created) return;
  const quote = element("div", "quote");
  quote.append(element("strong", "", senderName(quoted)));
  quote.append(element("span", "", (quoted.text || quoted.caption || "a file").slice(0, 90)));
  bubble.append(quote);
}

function addText(bubble, message, options) {
  const text = message.text ?? message.caption;
  if (!text) return;
  const body = element("div", "text");
  body.dir = "auto";
  const language = scriptOf(text);
  if (language) body.lang = language;
  fill(body, text, message.entities ?? message.caption_entities ?? [], options);
  bubble.append(body);
}

// Kana make it Japanese; for Han alone the page's own language decides which shapes are used.
function scriptOf(text) {
  return /[\u3040-\u30ff]/.test(text) ? "ja" : "";
}

// Entities come sorted, outer before inner; offsets are UTF-16 units, which is what JavaScript has.
function fill(parent, text, entities, options, from = 0, to = text.length) {
  let at = from;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    const end = entity.offset + entity.length;
    if (entity.offset < at || end > to) continue;
    parent.append(text.slice(at, entity.offset));
    const part = wrap(entity, text.slice(entity.offset, end), options);
    fill(part, text, entities.slice(index + 1), options, entity.offset, end);
    parent.append(part);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function wrap(entity, covered, options) {
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url ?? covered);
  if (entity.type === "email") return link(`mailto:${covered}`);
  if (entity.type === "bot_command" && options.onCommand) {
    const command = element("button", "command");
    command.type = "button";
    command.addEventListener("click", () => options.onCommand(covered));
    return command;
  }
  if (entity.type === "spoiler") return element("span", "spoiler");
  return element(TAGS[entity.type] ?? "span");
}

function link(address) {
  const complete = /^[a-z]+:/i.test(address) ? address : `https://${address}`;
  if (!/^(https?|mailto|tel):/i.test(complete)) return element("span");
  const anchor = element("a");
  anchor.href = complete;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function addMedia(bubble, message) {
  const file = (id) => `/sandbox/files/${encodeURIComponent(id)}`;
  if (message.photo) {
    const largest = message.photo[message.photo.length - 1];
    const image = element("img", "photo");
    image.src = file(largest.file_id);
    image.alt = message.caption ? "" : "Photo";
    image.width = largest.width;
    image.height = largest.height;
    bubble.append(image);
  }
  const attached = message.document ?? message.audio ?? message.video;
  if (attached) {
    const anchor = element("a", "document", attached.file_name || "file");
    anchor.href = file(attached.file_id);
    anchor.download = attached.file_name || "file";
    bubble.append(anchor);
  }
  if (message.voice) bubble.append(element("span", "note", `🎤 Voice message, ${message.voice.duration} s`));
  if (message.sticker) bubble.append(element("span", "sticker", message.sticker.emoji));
  if (message.location) {
    const { latitude, longitude } = message.location;
    bubble.append(element("span", "note", `📍 ${latitude.toFixed(5)}, ${longitude.toFixed(5)}`));
  }
  if (message.contact) bubble.append(element("span", "note", `👤 ${message.contact.first_name} ${message.contact.phone_number}`));
}

function addButtons(article, message, options) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return;
  const box = element("div", "buttons");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Choices");
  for (const row of rows) {
    const line = element("div", "row");
    for (const button of row) line.append(drawButton(button, options));
    box.append(line);
  }
  article.append(box);
}

function drawButton(button, options) {
  if (button.url) {
    const anchor = link(button.url);
    anchor.className = "choice";
    anchor.textContent = `${button.text} ↗`;
    return anchor;
  }
  const made = element("button", "choice", button.text);
  made.type = "button";
  made.addEventListener("click", () => options.onPress(made, button));
  return made;
}

function drawService(message, text) {
  const article = element("article", "service", text);
  article.dataset.id = message.message_id;
  return article;
}

function serviceText(message) {
  const name = message.from?.first_name ?? "";
  const names = (people) => people.map((person) => person.first_name).join(", ");
  if (message.forum_topic_created) return `Topic “${message.forum_topic_created.name}” was created`;
  if (message.forum_topic_edited) return `Topic renamed to “${message.forum_topic_edited.name}”`;
  if (message.forum_topic_closed) return `${name} closed the topic`;
  if (message.forum_topic_reopened) return `${name} reopened the topic`;
  if (message.new_chat_members) return `${names(message.new_chat_members)} joined`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} left`;
  if (message.migrate_to_chat_id) return "This group became a supergroup";
  if (message.migrate_from_chat_id) return "This supergroup was a group before";
  return "";
}
