// Slack's text formats as DOM nodes. Nodes are built, never parsed from strings: text cannot become markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const EMOJI = {
  warning: "⚠️", rotating_light: "🚨", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", mag: "🔍", "+1": "👍",
  thumbsup: "👍", "-1": "👎", thumbsdown: "👎", eyes: "👀", fire: "🔥", bulb: "💡", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡",
  large_orange_circle: "🟠", large_blue_circle: "🔵", white_circle: "⚪", information_source: "ℹ️", robot_face: "🤖",
  lock: "🔒", link: "🔗", page_facing_up: "📄", chart_with_upwards_trend: "📈", bar_chart: "📊", question: "❓",
  tada: "🎉", no_entry: "⛔", octagonal_sign: "🛑", arrow_right: "➡️", book: "📖", wave: "👋", clock3: "🕒",
  hammer_and_wrench: "🛠️", bell: "🔔", no_bell: "🔕", gear: "⚙️", memo: "📝", clipboard: "📋", zap: "⚡",
  package: "📦", rocket: "🚀", boom: "💥", skull: "💀", pray: "🙏", heart: "❤️", speech_balloon: "💬",
  books: "📚", shield: "🛡️", key: "🔑", stopwatch: "⏱️", repeat: "🔁", heavy_minus_sign: "➖", thinking_face: "🤔",
};

export const emoji = (name) => EMOJI[name.split("::")[0]] ?? `:${name}:`;

export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function safeUrl(url) {
  return /^(https?:\/\/|mailto:)/i.test(url) ? url : null;
}

export function link(url, label) {
  const safe = safeUrl(url);
  if (!safe) return document.createTextNode(label);
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, label);
}

// The workspace's own time, as milliseconds since the epoch: "today" is its day, not the browser's.
let ahead = 0;

export function tellTime(seconds) {
  ahead = seconds * 1000 - Date.now();
}

const workspaceNow = () => Date.now() + ahead;

export function slackDate(timestamp, format) {
  const date = new Date(Number(timestamp) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const day = (options) => date.toLocaleDateString(undefined, options);
  const pretty = (long) => {
    const days = Math.round((new Date(workspaceNow()).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
    return { 0: "today", 1: "yesterday", "-1": "tomorrow" }[days] ?? long;
  };
  const parts = {
    date_num: day({ year: "numeric", month: "2-digit", day: "2-digit" }),
    date: day({ year: "numeric", month: "long", day: "numeric" }),
    date_short: day({ year: "numeric", month: "short", day: "numeric" }),
    date_long: day({ weekday: "long", year: "numeric", month: "long", day: "numeric" }),
    time: date.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" }),
    time_secs: date.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
    ago: `${Math.max(0, Math.round((workspaceNow() - date) / 60000))} minutes ago`,
  };
  for (const key of ["date", "date_short", "date_long"]) parts[`${key}_pretty`] = pretty(parts[key]);
  return format.replace(/\{(\w+)\}/g, (whole, key) => parts[key] ?? whole);
}

export function mention(id, people) {
  const user = people.users[id];
  return el("span", { class: id === people.viewer ? "mention me" : "mention" }, `@${user ? user.name : id}`);
}

function token(body, people) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(body.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), people);
  if (target.startsWith("#")) {
    const channel = people.channels.find((item) => item.id === target.slice(1));
    return el("span", { class: "mention" }, `#${channel ? channel.name : label || target.slice(1)}`);
  }
  if (target.startsWith("!date^")) {
    const [, timestamp, format, url] = target.split("^");
    const shown = slackDate(timestamp, unescape(format ?? "")) ?? label;
    const time = el("time", { title: new Date(Number(timestamp) * 1000).toString() }, shown);
    return url && safeUrl(url) ? link(url, shown) : time;
  }
  if (target.startsWith("!")) return el("span", { class: "mention me" }, `@${target.slice(1).split("^")[0]}`);
  const url = unescape(target);
  return link(url, label || url);
}

const INLINE = new RegExp(
  [
    "`([^`\\n]+)`", "<([^<>\\n]+)>", "(?<![\\w*])\\*(?=\\S)([^*\\n]+?)(?<=\\S)\\*(?![\\w*])",
    "(?<![\\w_])_(?=\\S)([^_\\n]+?)(?<=\\S)_(?![\\w_])", "(?<![\\w~])~(?=\\S)([^~\\n]+?)(?<=\\S)~(?![\\w~])",
    ":([a-z0-9_+-]+(?:::[a-z0-9-]+)?):",
  ].join("|"),
  "g",
);

function inline(text, people) {
  const nodes = [];
  let position = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, angle, bold, italic, strike, name] = match;
    if (name && emoji(name) === whole) continue;
    nodes.push(unescape(text.slice(position, match.index)));
    position = match.index + whole.length;
    if (code) nodes.push(el("code", {}, unescape(code)));
    else if (angle) nodes.push(token(angle, people));
    else if (bold) nodes.push(el("b", {}, inline(bold, people)));
    else if (italic) nodes.push(el("i", {}, inline(italic, people)));
    else if (strike) nodes.push(el("s", {}, inline(strike, people)));
    else nodes.push(emoji(name));
  }
  nodes.push(unescape(text.slice(position)));
  return nodes;
}

export function mrkdwn(text, people) {
  const nodes = [];
  text.split(/```\n?([\s\S]*?)\n?```\n?/).forEach((part, index) => {
    if (index % 2) nodes.push(codeBlock(unescape(part)));
    else nodes.push(...lines(part, people));
  });
  return nodes;
}

function lines(text, people) {
  const nodes = [];
  let quote = [];
  const close = () => {
    if (quote.length) nodes.push(el("blockquote", {}, mixed(quote, people)));
    quote = [];
  };
  const plain = [];
  const flush = () => {
    if (plain.length) nodes.push(...mixed(plain.splice(0), people));
  };
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    if (quoted) {
      flush();
      quote.push(quoted[1]);
    } else {
      close();
      plain.push(line);
    }
  }
  close();
  flush();
  return nodes;
}

const mixed = (rows, people) =>
  rows.flatMap((row, index) => (index ? [el("br"), ...inline(row, people)] : inline(row, people)));

export function codeBlock(text) {
  const pre = el("pre", {}, text);
  const copy = el("button", { type: "button", class: "copy", title: "Copy", onclick: async () => {
    await navigator.clipboard?.writeText(text);
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1200);
  } }, "Copy");
  return el("div", { class: "code" }, pre, copy);
}

const MARKDOWN = new RegExp(
  [
    "`([^`\\n]+)`", "\\*\\*(.+?)\\*\\*", "(?<![\\w*])\\*(?=\\S)([^*\\n]+?)\\*(?!\\w)",
    "(?<![\\w_])_(?=\\S)([^_\\n]+?)_(?!\\w)", "~~(.+?)~~", "\\[([^\\]\\n]+)\\]\\(([^()\\s]+)\\)", "<([@!#][^<>\\n]+)>",
    "(https?://[^\\s<>)]+)", ":([a-z0-9_+-]+):",
  ].join("|"),
  "g",
);

function markdownInline(text, people) {
  const nodes = [];
  let position = 0;
  for (const match of text.matchAll(MARKDOWN)) {
    const [whole, code, bold, italic, slanted, strike, label, url, angle, bare, name] = match;
    if (name && emoji(name) === whole) continue;
    nodes.push(text.slice(position, match.index));
    position = match.index + whole.length;
    if (code) nodes.push(el("code", {}, code));
    else if (bold) nodes.push(el("b", {}, markdownInline(bold, people)));
    else if (italic || slanted) nodes.push(el("i", {}, markdownInline(italic || slanted, people)));
    else if (strike) nodes.push(el("s", {}, markdownInline(strike, people)));
    else if (label) nodes.push(link(url, label));
    else if (angle) nodes.push(token(angle, people));
    else if (bare) nodes.push(link(bare, bare));
    else nodes.push(emoji(name));
  }
  nodes.push(text.slice(position));
  return nodes;
}

export function markdown(text, people) {
  const nodes = [];
  text.split(/^```[^\n]*\n([\s\S]*?)\n?^```\s*$/m).forEach((part, index) => {
    if (index % 2) nodes.push(codeBlock(part));
    else nodes.push(...markdownLines(part, people));
  });
  return nodes;
}

function markdownLines(text, people) {
  const nodes = [];
  let paragraph = null;
  let list = null;
  for (const line of text.split("\n")) {
    const heading = line.match(/^(#{1,6})\s+(.*)$/);
    const item = line.match(/^\s*(?:([-*+•])|(\d+)[.)])\s+(.*)$/);
    const quoted = line.match(/^>\s?(.*)$/);
    if (!item) list = null;
    if (heading || item || quoted || !line.trim() || /^(---+|\*\*\*+)$/.test(line)) paragraph = null;
    if (heading) nodes.push(el("h4", {}, markdownInline(heading[2], people)));
    else if (/^(---+|\*\*\*+)$/.test(line)) nodes.push(el("hr"));
    else if (item) {
      if (!list) nodes.push((list = el(item[2] ? "ol" : "ul", { start: item[2] })));
      list.append(el("li", {}, markdownInline(item[3], people)));
    } else if (quoted) nodes.push(el("blockquote", {}, markdownInline(quoted[1], people)));
    else if (line.trim()) {
      if (paragraph) paragraph.append(el("br"));
      else nodes.push((paragraph = el("p")));
      paragraph.append(...markdownInline(line, people));
    }
  }
  return nodes;
}
