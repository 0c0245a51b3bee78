// Messages as DOM nodes, kept while unchanged so that folds, selections and scroll positions survive updates.

import { renderBlocks } from "./blocks.js";
import { el, emoji, mrkdwn, slackDate } from "./mrkdwn.js";

const folds = new Map();
const kept = new Map();
const COMPACT_WITHIN_S = 300;

export const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

export function avatar(name, colour, small) {
  const initials = name.split(/\s+/).map((word) => word[0]).join("").slice(0, 2).toUpperCase();
  const node = el("span", { class: small ? "avatar small" : "avatar", "aria-hidden": "true" }, initials);
  node.style.backgroundColor = colour;
  return node;
}

export function colourOf(message, snapshot) {
  const user = snapshot.users[message.user];
  if (user) return user.colour;
  const hue = [...message.author].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  return `hsl(${hue} 45% 42%)`;
}

export function fill(list, messages, snapshot, options) {
  const stuck = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const nodes = [];
  let previous = null;
  let day = "";
  for (const message of messages) {
    const today = slackDate(message.ts, "{date_long_pretty}");
    if (options.days && today !== day) nodes.push(keptNode(`day/${options.place}/${today}`, "", () =>
      el("div", { class: "day" }, el("span", {}, today[0].toUpperCase() + today.slice(1)))));
    const compact = previous && today === day && previous.author === message.author && previous.user === message.user
      && !previous.reply_count && !message.ephemeral && !previous.ephemeral
      && message.ts - previous.ts < COMPACT_WITHIN_S;
    day = today;
    previous = message;
    const about = JSON.stringify([message, Boolean(compact), snapshot.users, options.withReplies]);
    nodes.push(keptNode(`${options.place}/${message.ts}`, about, () => one(message, snapshot, { ...options, compact })));
    if (options.rootTs === message.ts && message.reply_count) {
      const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
      nodes.push(keptNode(`count/${options.place}`, count, () => el("div", { class: "reply-rule" }, count)));
    }
  }
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
  while (list.children.length > nodes.length) list.lastChild.remove();
  if (stuck || options.jump) list.scrollTop = list.scrollHeight;
}

// A list read to its end stays there when it gets shorter or an image in it has loaded.
export function keepAtEnd(list) {
  let atEnd = true;
  list.addEventListener("scroll", () => {
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  });
  const stay = () => {
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
  list.addEventListener("load", stay, true);
  new ResizeObserver(stay).observe(list);
}

function keptNode(key, about, make) {
  const known = kept.get(key);
  if (known && known.about === about) return known.node;
  const node = make();
  kept.set(key, { about, node });
  return node;
}

function one(message, snapshot, { press, open, react, use, compact, withReplies }) {
  const context = { people: snapshot, key: message.ts, folds, press: (action) => press(message, action) };
  const time = slackDate(message.ts, "{time}");
  const head = compact ? null : el("div", { class: "head" }, el("b", {}, message.author),
    message.is_app ? el("span", { class: "badge" }, "APP") : null,
    el("time", { title: slackDate(message.ts, "{date_long} {time_secs}") }, time));
  const blocks = message.blocks?.length ? renderBlocks(message.blocks, context)
    : message.text ? el("div", { class: "block text" }, mrkdwn(message.text, snapshot)) : null;
  const body = el("div", { class: "body" },
    message.ephemeral ? el("div", { class: "only-you" }, "👁 Only visible to you") : null, head,
    el("div", { class: "content" }, blocks,
      message.streaming ? el("span", { class: "cursor", "aria-label": "still writing" }) : null),
    message.shows_as_edited ? el("span", { class: "edited" }, "(edited)") : null,
    (message.files ?? []).map(file), reactions(message), withReplies ? replies(message, snapshot, open) : null);
  const gutter = compact ? el("time", { class: "gutter" }, time) : avatar(message.author, colourOf(message, snapshot));
  const tools = el("div", { class: "tools" },
    ["+1", "eyes", "white_check_mark"].map((name) => el("button", { type: "button", "aria-label": `React with ${name}`,
      onclick: () => react(message, name) }, emoji(name))),
    withReplies ? el("button", { type: "button", "aria-label": "Reply in thread", onclick: () => open(message.ts) }, "💬")
      : null, more(message, snapshot.shortcuts, use));
  return el("article", { class: `message${compact ? " compact" : ""}${message.ephemeral ? " ephemeral" : ""}`,
    "data-ts": message.ts }, gutter, body, message.ephemeral ? null : tools);
}

function more(message, shortcuts, use) {
  const menu = el("select", { "aria-label": "More actions", title: "More actions",
    onchange: () => {
      use(message, menu.value);
      menu.value = "";
    } }, el("option", { value: "" }, "⋮"), Object.entries(shortcuts).map(([id, name]) => el("option", { value: id }, name)));
  return menu;
}

function file(item) {
  if (/^image\/(png|jpeg|gif|webp)$/.test(item.mimetype)) {
    return el("figure", {}, el("figcaption", {}, item.title),
      el("a", { href: item.url_private, target: "_blank", rel: "noopener" },
        el("img", { class: "picture", src: item.url_private, alt: item.alt_txt ?? item.title })));
  }
  if (item.mode === "snippet") return snippet(item);
  const size = item.size < 1024 ? `${item.size} bytes` : `${Math.round(item.size / 1024)} kB`;
  return el("a", { class: "file", href: item.url_private, download: item.name },
    el("span", { class: "file-icon", "aria-hidden": "true" }, "📄"),
    el("span", {}, el("b", {}, item.title), el("small", {}, `${item.filetype.toUpperCase()} · ${size}`)));
}

function snippet(item) {
  const mark = (line) => (item.filetype !== "diff" ? "" : /^(\+\+\+|---|@@)/.test(line) ? "place"
    : line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "");
  const rows = item.preview.split("\n").map((line) => el("span", { class: `row ${mark(line)}` }, `${line}\n`));
  const left = item.lines - rows.length;
  return el("figure", { class: "snippet" },
    el("figcaption", {}, el("b", {}, item.name), el("span", {}, item.title),
      el("a", { href: item.url_private, download: item.name }, "Download")),
    el("pre", {}, rows),
    item.preview_is_truncated ? el("div", { class: "more" }, `${left} more ${left === 1 ? "line" : "lines"}`) : null);
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return el("div", { class: "reactions" }, message.reactions.map((item) =>
    el("span", { class: "reaction", title: item.name }, `${emoji(item.name)} ${item.count}`)));
}

function replies(message, snapshot, open) {
  if (!message.reply_count) return null;
  const faces = message.reply_users.slice(0, 4).map((id) => snapshot.users[id]).filter(Boolean)
    .map((user) => avatar(user.real_name, user.colour, true));
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return el("button", { type: "button", class: "replies", onclick: () => open(message.ts) }, faces,
    el("b", {}, count), el("span", {}, `Last reply ${slackDate(message.latest_reply, "{date_short_pretty} at {time}")}`));
}

export function foldsContext(people, key, press) {
  return { people, key, folds, press };
}
