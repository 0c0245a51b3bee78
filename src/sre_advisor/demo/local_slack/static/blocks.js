// Block Kit as DOM nodes. `context` has: people, press(action) -> promise, key (of the message), folds (what was opened).

import { codeBlock, el, emoji, link, markdown, mention, mrkdwn, safeUrl, slackDate } from "./mrkdwn.js";

export function renderBlocks(blocks, context) {
  return blocks.map((block) => {
    const render = BLOCKS[block.type];
    return el("div", { class: `block ${block.type}`, "data-block-id": block.block_id },
      render ? render(block, context) : el("i", {}, `(${block.type})`));
  });
}

export function textOf(text, context) {
  if (!text) return [];
  if (typeof text === "string") return [text];
  if (text.type === "rich_text") return richText(text, context);
  return text.type === "mrkdwn" ? mrkdwn(text.text, context.people) : [el("span", { class: "lines" }, withEmoji(text))];
}

const withEmoji = (text) =>
  text.emoji === false ? text.text : text.text.replace(/:([a-z0-9_+-]+):/g, (_whole, name) => emoji(name));

function imageSource(block) {
  const url = block.image_url ?? block.slack_file?.url ?? `/files/${block.slack_file?.id}`;
  try {
    const parsed = new URL(url, location.href);
    return parsed.pathname.startsWith("/files/") ? parsed.pathname : null;
  } catch {
    return null;
  }
}

function picture(block, small) {
  const source = imageSource(block);
  if (!source) return el("span", { class: "no-image" }, `🖼 ${block.alt_text ?? ""}`);
  const image = el("img", { src: source, alt: block.alt_text ?? "", class: small ? "small" : "picture" });
  return small ? image : el("a", { href: source, target: "_blank", rel: "noopener" }, image);
}

function section(block, context) {
  const body = el("div", { class: "section-body" }, el("div", {}, textOf(block.text, context)));
  if (block.fields) {
    body.append(el("div", { class: "fields" }, block.fields.map((field) => el("div", {}, textOf(field, context)))));
  }
  return [body, block.accessory ? element(block.accessory, block, context) : null];
}

export function element(item, block, context) {
  const send = (value) => context.press({ action_id: item.action_id, block_id: block.block_id, value });
  if (item.type === "image") return picture(item, true);
  if (item.type === "feedback_buttons") return feedback(item, context, send);
  if (item.type === "button" || item.type === "workflow_button" || item.type === "icon_button") {
    return button(item, context, send);
  }
  if (item.options || item.option_groups) return choice(item, context, send);
  return el("span", { class: "no-image" }, `(${item.type})`);
}

function button(item, context, send) {
  const node = el("button", { type: "button", class: `btn ${item.style ?? ""}`, "data-action-id": item.action_id,
    "aria-label": item.accessibility_label }, textOf(item.text, context));
  node.addEventListener("click", async () => {
    const url = item.url && safeUrl(item.url);
    if (item.confirm && !window.confirm(item.confirm.text?.text ?? item.confirm.title.text)) return;
    if (url) window.open(url, "_blank", "noopener");
    node.classList.add("busy");
    const acknowledged = await send(undefined);
    node.classList.remove("busy");
    node.classList.toggle("failed", acknowledged === false);
  });
  return node;
}

function feedback(item, context, send) {
  const key = `${context.key}/${item.action_id}`;
  const side = (button, mark) => el("button", {
    type: "button", class: "thumb", title: button.text.text, "aria-label": button.accessibility_label ?? button.text.text,
    "data-action-id": item.action_id, "data-value": button.value,
    "aria-pressed": context.folds.get(key) === button.value ? "true" : "false",
    onclick: async (event) => {
      const all = event.currentTarget.parentElement.querySelectorAll(".thumb");
      context.folds.set(key, button.value);
      all.forEach((node) => node.setAttribute("aria-pressed", String(node.dataset.value === button.value)));
      await send(button.value);
    },
  }, mark, el("span", {}, button.text.text));
  return el("span", { class: "thumbs" }, side(item.positive_button, "👍"), side(item.negative_button, "👎"));
}

function choice(item, context, send) {
  const options = item.options ?? item.option_groups.flatMap((group) => group.options);
  const first = el("option", { value: "" }, item.placeholder?.text ?? "Choose…");
  return el("select", { "data-action-id": item.action_id, onchange: (event) => send(event.target.value) }, first,
    options.map((option) => el("option", { value: option.value,
      selected: item.initial_option?.value === option.value }, option.text.text)));
}

function container(block, context) {
  const key = `${context.key}/${block.block_id}`;
  const title = el("span", { class: "container-title" }, textOf(block.rich_text_title ?? block.title, context));
  const subtitle = block.subtitle ? el("span", { class: "container-subtitle" }, textOf(block.subtitle, context)) : null;
  const icon = block.icon ? picture(block.icon, true) : null;
  const children = renderBlocks(block.child_blocks ?? [], context);
  if (!block.is_collapsible) {
    return el("div", { class: "box" }, el("div", { class: "box-head" }, icon, title, subtitle), children);
  }
  const open = context.folds.get(key) ?? !block.default_collapsed;
  const head = el("summary", { class: "box-head" }, icon, title, subtitle);
  const node = el("details", { class: "box", open }, head, el("div", { class: "box-body" }, children));
  node.addEventListener("toggle", () => context.folds.set(key, node.open));
  return node;
}

function table(block, context) {
  const settings = block.column_settings ?? [];
  const rows = block.rows.map((row, index) => el("tr", {}, row.map((cell, column) =>
    el(index ? "td" : "th", { class: settings[column]?.align ?? "" }, textOf(cell, context)))));
  return el("div", { class: "scroll" }, el("table", {}, rows));
}

const MARK = { complete: "✓", error: "✕", in_progress: "", pending: "" };

function task(item, context) {
  const sources = (item.sources ?? []).map((source) => link(source.url, source.text));
  const extra = [item.details, item.output].filter(Boolean).map((part) => el("div", { class: "task-text" },
    typeof part === "string" ? mrkdwn(part, context.people) : textOf(part, context)));
  return el("div", { class: `task ${item.status}` },
    el("span", { class: "task-mark", role: "img", "aria-label": item.status }, MARK[item.status] ?? ""),
    el("div", {}, el("div", { class: "task-title" }, item.title), extra,
      sources.length ? el("div", { class: "task-sources" }, sources) : null));
}

function plan(block, context) {
  const key = `${context.key}/plan`;
  const tasks = block.tasks ?? [];
  const done = tasks.filter((item) => item.status === "complete" || item.status === "error").length;
  const node = el("details", { class: "box plan-box", open: context.folds.get(key) ?? true },
    el("summary", { class: "box-head" }, el("span", { class: "container-title" }, block.title),
      el("span", { class: "container-subtitle" }, `${done} of ${tasks.length}`)),
    el("div", { class: "box-body" }, tasks.map((item) => task(item, context))));
  node.addEventListener("toggle", () => context.folds.set(key, node.open));
  return node;
}

const LEVELS = { info: "ℹ️", warning: "⚠️", error: "⛔", success: "✅" };

function alert(block, context) {
  return el("div", { class: `alert-box ${block.level ?? "default"}`, role: "note" },
    el("span", {}, LEVELS[block.level] ?? "📣"), el("div", {}, textOf(block.text, context)));
}

export function richText(block, context) {
  return (block.elements ?? []).map((part) => richPart(part, context));
}

function richPart(part, context) {
  const inner = () => (part.elements ?? []).map((item) => richElement(item, context));
  if (part.type === "rich_text_preformatted") {
    return codeBlock((part.elements ?? []).map((item) => item.text ?? item.url ?? "").join(""));
  }
  if (part.type === "rich_text_quote") return el("blockquote", {}, inner());
  if (part.type === "rich_text_list") {
    return el(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent ?? 0}`,
      start: part.style === "ordered" ? (part.offset ?? 0) + 1 : null },
    part.elements.map((item) => el("li", {}, richPart(item, context))));
  }
  return el("div", { class: "rich-section" }, inner());
}

function richElement(item, context) {
  const node = richLeaf(item, context);
  const style = item.style ?? {};
  const tags = [["code", "code"], ["bold", "b"], ["italic", "i"], ["strike", "s"], ["underline", "u"]];
  return tags.reduce((inner, [key, tag]) => (style[key] ? el(tag, {}, inner) : inner), node);
}

function richLeaf(item, context) {
  switch (item.type) {
    case "link": return link(item.url, item.text || item.url);
    case "user": return mention(item.user_id, context.people);
    case "emoji": return document.createTextNode(emoji(item.name));
    case "broadcast": return el("span", { class: "mention me" }, `@${item.range}`);
    case "date": return el("time", {}, slackDate(item.timestamp, item.format) ?? item.fallback ?? "");
    case "channel": {
      const channel = context.people.channels.find((one) => one.id === item.channel_id);
      return el("span", { class: "mention" }, `#${channel?.name ?? item.channel_id}`);
    }
    default: return document.createTextNode(item.text ?? "");
  }
}

const row = (block, context) => (block.elements ?? []).map((item) => element(item, block, context));

const BLOCKS = {
  section, container, table, plan, alert, actions: row, context_actions: row,
  task_card: task,
  rich_text: richText,
  header: (block, context) => el("h3", {}, textOf(block.text, context)),
  divider: () => el("hr"),
  markdown: (block, context) => markdown(block.text, context.people),
  image: (block, context) => [
    block.title ? el("div", { class: "image-title" }, textOf(block.title, context)) : null, picture(block, false),
  ],
  context: (block, context) => block.elements.map((item) =>
    item.type === "image" ? picture(item, true) : el("span", {}, textOf(item, context))),
};
