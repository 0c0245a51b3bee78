// The page: takes the whole snapshot on every change and shows the chosen channel, thread, Home tab and modal.

import { renderBlocks } from "./blocks.js";
import { composer } from "./composer.js";
import { renderModal } from "./forms.js";
import { avatar, fill, foldsContext, isReply, keepAtEnd } from "./messages.js";
import { el, tellTime } from "./mrkdwn.js";

const at = (id) => document.getElementById(id);
const shown = { channel: null, thread: null, tab: "messages", jump: true };
let snapshot = null;
let modalShown = "";
let homeShown = "";

async function act(action, body) {
  const answer = await fetch(`/page/${action}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  return (await answer.json()).answer;
}

function pane(name) {
  document.body.dataset.pane = name;
}

function openChannel(id, tab = "messages") {
  Object.assign(shown, { channel: id, thread: null, tab, jump: true });
  pane("channel");
  if (tab === "home") act("home", {});
  render();
  at("messages").scrollTop = at("messages").scrollHeight;
}

function openThread(ts) {
  Object.assign(shown, { thread: ts, jump: true });
  pane("thread");
  render();
  reply.focus({ preventScroll: true });
}

function closeThread() {
  shown.thread = null;
  pane("channel");
  render();
}

async function say(text) {
  const ts = await act("post", { channel: shown.channel, text });
  shown.jump = true;
  const name = snapshot.users[snapshot.bot].name;
  if (ts && new RegExp(`@${name}\\b`, "i").test(text)) openThread(ts);
}

const message = composer(at("composer"), { send: say, people: () => snapshot });
const reply = composer(at("reply"), {
  people: () => snapshot,
  send: (text) => {
    shown.jump = true;
    act("post", { channel: shown.channel, thread_ts: shown.thread, text });
  },
});

const press = (item, action) => act("click", { channel: shown.channel, ts: item.ts, ...action });
const react = (item, name) => act("react", { ts: item.ts, name });
const use = (item, shortcut) => act("shortcut", { ts: item.ts, callback_id: shortcut });

function render() {
  if (!snapshot) return;
  shown.channel ??= (snapshot.channels.find((item) => item.name === "incidents") ?? snapshot.channels[0]).id;
  const channel = snapshot.channels.find((item) => item.id === shown.channel);
  const bot = snapshot.users[snapshot.bot];
  renderSidebar(bot);
  at("note").hidden = !snapshot.note;
  at("note").textContent = snapshot.note ?? "";
  document.title = `${channel.is_im ? bot.real_name : `#${channel.name}`} · ${snapshot.team}`;
  at("title").textContent = channel.is_im ? bot.real_name : `# ${channel.name}`;
  at("topic").textContent = channel.topic;
  at("tabs").hidden = !channel.is_im;
  const home = channel.is_im && shown.tab === "home";
  for (const tab of ["home", "messages"]) at(`tab-${tab}`).setAttribute("aria-selected", String(shown.tab === tab));
  at("home").hidden = !home;
  at("messages").hidden = at("composer").hidden = home;
  message.placeholder = channel.is_im ? `Message ${bot.real_name}` : `Message #${channel.name}`;
  const all = snapshot.messages[shown.channel];
  const roots = all.filter((item) => !isReply(item) || item.subtype === "thread_broadcast");
  const shared = { press, react, use, open: openThread };
  fill(at("messages"), roots, snapshot, { ...shared, place: shown.channel, days: true, withReplies: true,
    jump: shown.jump });
  renderThread(all, channel, shared);
  renderSuggestion(all, home);
  renderHome(home);
  renderModals();
  shown.jump = false;
}

function renderSidebar(bot) {
  at("team").textContent = snapshot.team;
  const entry = (item, label, current) => el("button", { type: "button", class: current ? "current" : "",
    onclick: () => openChannel(item.id, item.is_im ? shown.tab : "messages") }, ...label);
  const isCurrent = (item) => item.id === shown.channel;
  at("channels").replaceChildren(...snapshot.channels.filter((item) => !item.is_im)
    .map((item) => entry(item, [el("span", { class: "hash" }, "#"), item.name], isCurrent(item))));
  at("apps").replaceChildren(...snapshot.channels.filter((item) => item.is_im)
    .map((item) => entry(item, [avatar(bot.real_name, bot.colour, true), bot.real_name], isCurrent(item))));
}

function renderThread(all, channel, shared) {
  const thread = all.filter((item) => item.ts === shown.thread || item.thread_ts === shown.thread);
  const visible = Boolean(shown.thread) && thread.length > 0;
  at("thread").hidden = !visible;
  if (!visible) return;
  at("thread-where").textContent = channel.is_im ? "" : `#${channel.name}`;
  reply.placeholder = "Reply…";
  const place = `${shown.channel}/${shown.thread}`;
  fill(at("replies"), thread, snapshot, { ...shared, place, rootTs: shown.thread, jump: shown.jump });
  const session = snapshot.status[place];
  const working = session && (session.text || session.agent === "processing");
  const stop = session?.agent === "processing" ? el("button", { type: "button", class: "btn stop",
    onclick: () => act("stop", { channel: shown.channel, thread_ts: shown.thread }) }, "■ Stop") : null;
  at("status").hidden = !working;
  at("status").replaceChildren(...(working ? [el("span", { class: "dots" }, el("i"), el("i"), el("i")),
    el("span", { class: "status-text" }, `${snapshot.users[snapshot.bot].real_name} ${session.text || "is working…"}`),
    ...(stop ? [stop] : [])] : []));
}

function renderSuggestion(all, home) {
  const name = `<@${snapshot.bot}>`;
  const asked = all.some((item) => !item.is_app && item.text.includes(name));
  const channel = snapshot.channels.find((item) => item.id === shown.channel);
  const general = snapshot.status[`${shown.channel}/`]?.prompts ?? [];
  const offers = general.map((prompt) => ({ label: prompt.title, text: prompt.message }));
  if (snapshot.suggested && !channel.is_im) offers.unshift({ label: snapshot.suggested, text: snapshot.suggested });
  const wanted = home || asked ? [] : offers;
  at("suggestion").replaceChildren(...wanted.map((offer) => el("button", { type: "button", class: "suggested",
    onclick: () => say(offer.text) }, el("small", {}, "Ask"), ` ${offer.label}`)));
}

function renderHome(visible) {
  const about = JSON.stringify(snapshot.home);
  if (!visible || about === homeShown) return;
  homeShown = about;
  const view = snapshot.home;
  if (!view) {
    at("home").replaceChildren(el("p", { class: "empty" }, "The app has not set up its Home tab yet."));
    return;
  }
  const context = foldsContext(snapshot, view.id, (action) => act("click", { view_id: view.id, ...action }));
  at("home").replaceChildren(...renderBlocks(view.blocks, context));
}

function renderModals() {
  const view = snapshot.views.at(-1);
  const about = view ? JSON.stringify([view.id, view.hash, view.errors]) : "";
  if (about === modalShown) return;
  modalShown = about;
  at("overlay").hidden = !view;
  if (!view) return at("overlay").replaceChildren();
  const context = foldsContext(snapshot, view.id, (action) => act("click", { view_id: view.id, ...action }));
  at("overlay").replaceChildren(renderModal(view, context, {
    submit: (values) => act("submit", { view_id: view.id, values }),
    close: () => act("close", { view_id: view.id }),
  }));
  at("overlay").querySelector("input,textarea,select")?.focus();
}

at("to-sidebar").addEventListener("click", () => pane("sidebar"));
at("to-channel").addEventListener("click", closeThread);
at("close-thread").addEventListener("click", closeThread);
at("tab-home").addEventListener("click", () => openChannel(shown.channel, "home"));
at("tab-messages").addEventListener("click", () => openChannel(shown.channel, "messages"));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && modalShown) act("close", { view_id: snapshot.views.at(-1).id });
});

for (const id of ["messages", "replies"]) keepAtEnd(at(id));

const source = new EventSource("/page/events");
source.addEventListener("message", (event) => {
  snapshot = JSON.parse(event.data);
  tellTime(snapshot.now);
  at("offline").hidden = true;
  render();
});
source.addEventListener("error", () => { at("offline").hidden = false; });
