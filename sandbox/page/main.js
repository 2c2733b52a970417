// The page: who is chatting, the applicant's chat, and the staff group beside it.

import { follow, get, post } from "./api.js";
import { Conversation } from "./conversation.js";
import { element } from "./message.js";
import { toast } from "./notices.js";

const GENERAL = { thread_id: 1, name: "General", closed: false };
const NAMES = { en: ["Alex", "Sam", "Robin"], "zh-hk": ["嘉欣", "志明", "詠詩"], "zh-cn": ["晓雯", "子轩", "佳怡"], ja: ["愛子", "健太", "美咲"] };
const LANGUAGE_TAGS = { "zh-hk": "zh-HK", "zh-cn": "zh-CN", ja: "ja", en: "en" };
const byId = (id) => document.getElementById(id);

let state;
let person;
let topic;
let speaker;
const unread = new Set();
const applicant = new Conversation(byId("applicant"), () => person?.id);
const thread = new Conversation(byId("thread"), () => speaker);

// The address: #person=…&topic=…&side=staff

function address() { return new URLSearchParams(location.hash.slice(1)); }

function remember(changes) {
  const hash = address();
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) hash.delete(key); else hash.set(key, value);
  }
  history.replaceState(null, "", `#${hash}`);
}

// People

function staffIds() { return new Set((state.staff_group?.members ?? []).map((member) => member.user_id)); }

function applicants() {
  const staff = staffIds();
  return state.persons.filter((other) => !staff.has(other.id));
}

function guessLanguage() {
  const own = navigator.language.toLowerCase();
  if (own.startsWith("ja")) return "ja";
  if (own.startsWith("zh")) return /hant|hk|tw|mo/.test(own) ? "zh-hk" : "zh-cn";
  return "en";
}

function freshName(language) {
  const taken = new Set(state.persons.map((other) => other.first_name));
  const names = NAMES[language] ?? NAMES.en;
  return names.find((name) => !taken.has(name)) ?? `${names[0]} ${taken.size}`;
}

async function createPerson(name, language) {
  const created = await post("persons", { name, language_code: language });
  await loadState();
  await choosePerson(created.id);
}

async function choosePerson(id) {
  person = applicants().find((other) => other.id === id) ?? applicants()[0];
  remember({ person: person.id });
  drawPeople();
  await applicant.open(person.id, null, applicantHead());
}

function applicantHead() {
  const { descriptions, first_name: name } = state.bot;
  const language = person.language_code ?? "en";
  return {
    title: name,
    status: "bot",
    avatar: "HK",
    description: descriptions[language.split("-")[0]] ?? descriptions[""] ?? "Press START to begin.",
    language: LANGUAGE_TAGS[language] ?? language,
    keyboard: person.keyboard,
    blocked: person.blocked,
  };
}

function drawPeople() {
  const select = byId("person");
  select.replaceChildren(...applicants().map((other) => {
    const option = element("option", "", other.first_name);
    option.value = other.id;
    return option;
  }));
  select.value = person.id;
  byId("language").value = person.language_code;
}

// The staff group

function staffGroup() { return state.staff_group; }

function canWrite() {
  return (staffGroup()?.members ?? []).filter((m) => ["creator", "administrator", "member"].includes(m.status) && m.user_id !== state.bot.id);
}

function topics() {
  return [GENERAL, ...(staffGroup()?.topics ?? []).slice().reverse()];
}

async function drawStaff() {
  const group = staffGroup();
  document.body.classList.toggle("with-staff", Boolean(group));
  byId("staff").hidden = !group;
  document.querySelector(".tabs").hidden = !group;
  if (!group) return showSide("applicant");
  byId("group-title").textContent = group.title;
  drawSpeakers();
  const wanted = Number(address().get("topic")) || topics()[group.topics.length ? 1 : 0].thread_id;
  const found = topics().find((other) => other.thread_id === wanted) ?? GENERAL;
  await chooseTopic(found, false);
  showSide(address().get("side") === "staff" ? "staff" : "applicant");
}

function drawSpeakers() {
  const select = byId("thread").querySelector(".sender");
  const people = canWrite();
  select.replaceChildren(...people.map((member) => {
    const known = state.persons.find((other) => other.id === member.user_id);
    const option = element("option", "", `${known?.first_name ?? member.user_id}${member.is_anonymous ? " (anonymous)" : ""}`);
    option.value = member.user_id;
    return option;
  }));
  if (!people.some((member) => member.user_id === speaker)) speaker = people[0]?.user_id;
  select.value = speaker;
  select.closest("label").hidden = people.length === 0;
}

function drawTopics() {
  byId("topic-list").replaceChildren(...topics().map((other) => {
    const item = element("li");
    const button = element("button", "topic");
    button.type = "button";
    button.append(element("span", "hash", other.closed ? "🔒" : "#"), element("span", "", other.name));
    if (unread.has(other.thread_id)) button.append(element("span", "dot", "new"));
    if (other.thread_id === topic?.thread_id) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => chooseTopic(other, true));
    item.append(button);
    return item;
  }));
}

async function chooseTopic(chosen, open) {
  topic = chosen;
  unread.delete(chosen.thread_id);
  if (open) remember({ topic: chosen.thread_id });
  byId("staff").classList.toggle("reading", open || byId("staff").classList.contains("reading"));
  drawTopics();
  await thread.open(staffGroup().id, chosen.thread_id, {
    title: chosen.name,
    status: chosen.closed ? "closed" : staffGroup().title,
    avatar: chosen.name.trim().slice(0, 1).toUpperCase() || "#",
  });
}

async function reloadStaff() {
  const before = topic?.thread_id;
  await loadState();
  const group = staffGroup();
  if (!group || before === undefined) return drawStaff();
  drawSpeakers();
  const still = topics().find((other) => other.thread_id === before);
  const alone = before === 1 && !address().get("topic") && group.topics.length > 0;
  if (!still || alone) return chooseTopic(topics()[group.topics.length ? 1 : 0], false);
  topic = still;
  thread.setHead({ ...thread.head, title: still.name, status: still.closed ? "closed" : group.title });
  drawTopics();
}

function showSide(side) {
  document.body.dataset.side = side;
  for (const name of ["applicant", "staff"]) {
    const tab = byId(`tab-${name}`);
    tab.setAttribute("aria-selected", String(name === side));
    tab.tabIndex = name === side ? 0 : -1;
  }
  (side === "staff" ? thread : applicant).toBottom();
}

// Events and the beginning

async function loadState() { state = await get("state"); }

async function happened(event) {
  if (event.type === "reset") return location.reload();
  applicant.handle(event);
  thread.handle(event);
  const group = staffGroup();
  if (group && event.chat_id === group.id) {
    if (event.type === "topic" || event.type === "members") await reloadStaff();
    noteUnread(event);
  }
  if (event.type === "group" || (event.type === "members" && !group)) { await loadState(); await drawStaff(); }
  if (event.type === "commands") { await applicant.loadCommands(); await thread.loadCommands(); }
  if (event.type === "profile" || event.type === "person") await reloadPeople();
  if (event.type === "blocked" && event.chat_id === person.id) await reloadPeople();
}

function noteUnread(event) {
  if (event.type !== "message") return;
  const where = event.message.message_thread_id ?? 1;
  if (where === topic?.thread_id || unread.has(where)) return;
  unread.add(where);
  drawTopics();
}

async function reloadPeople() {
  await loadState();
  person = state.persons.find((other) => other.id === person.id) ?? person;
  drawPeople();
  applicant.setHead(applicantHead());
  applicant.refresh();
}

function listen() {
  byId("person").addEventListener("change", (event) => choosePerson(Number(event.target.value)));
  byId("language").addEventListener("change", async (event) => {
    await post(`persons/${person.id}`, { language_code: event.target.value });
    await reloadPeople();
    await applicant.loadCommands();
  });
  byId("thread").querySelector(".sender").addEventListener("change", (event) => {
    speaker = Number(event.target.value);
    thread.redrawAll();
  });
  for (const name of ["applicant", "staff"]) {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => { remember({ side: name }); showSide(name); });
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = byId(name === "staff" ? "tab-applicant" : "tab-staff");
      other.click();
      other.focus();
    });
  }
  const back = byId("thread").querySelector(".back");
  back.hidden = false;
  back.addEventListener("click", () => byId("staff").classList.remove("reading"));
  listenForNewPerson();
}

function listenForNewPerson() {
  const dialog = byId("person-dialog");
  const form = dialog.querySelector("form");
  form.elements.language.append(...[...byId("language").options].map((option) => option.cloneNode(true)));
  let suggested = "";
  const suggest = () => {
    if (form.elements.name.value === suggested) form.elements.name.value = freshName(form.elements.language.value);
    suggested = form.elements.name.value;
  };
  byId("new-person").addEventListener("click", () => {
    form.elements.language.value = byId("language").value || "en";
    form.elements.name.value = suggested = "";
    suggest();
    dialog.showModal();
    form.elements.name.select();
  });
  form.elements.language.addEventListener("change", suggest);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "create") createPerson(form.elements.name.value.trim(), form.elements.language.value);
  });
}

async function begin() {
  await loadState();
  listen();
  if (applicants().length === 0) {
    const language = guessLanguage();
    await createPerson(freshName(language), language);
  } else {
    await choosePerson(Number(address().get("person")));
  }
  await drawStaff();
  let connected = true;
  let queue = Promise.resolve();
  follow(
    state.seq,
    // One after the other: what an event changes must be there before the next one is drawn.
    (event) => { queue = queue.then(() => happened(event)).catch((error) => toast(error.message)); },
    (run) => { if (run !== state.run) location.reload(); },
    (isConnected) => {
      if (!isConnected && connected) toast("The sandbox does not answer. Trying again …");
      connected = isConnected;
    },
  );
}

begin().catch((error) => toast(error.message));
