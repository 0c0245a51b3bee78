// Modals: input blocks and what they hold.

import { renderBlocks, textOf } from "./blocks.js";
import { el } from "./mrkdwn.js";

const SELECTS = new Set(["static_select", "radio_buttons", "checkboxes", "multi_static_select"]);

function control(item) {
  const name = item.action_id ?? "input";
  const label = (option) => option.text.text;
  if (item.type === "static_select") {
    return el("select", { name }, el("option", { value: "" }, item.placeholder?.text ?? "Choose…"),
      item.options.map((option) => el("option", { value: option.value,
        selected: option.value === item.initial_option?.value }, label(option))));
  }
  if (SELECTS.has(item.type)) {
    const type = item.type === "radio_buttons" ? "radio" : "checkbox";
    const chosen = new Set([item.initial_option, ...(item.initial_options ?? [])].map((option) => option?.value));
    return el("div", { class: "choices" }, item.options.map((option) => el("label", { class: "choice" },
      el("input", { type, name, value: option.value, checked: chosen.has(option.value) }),
      el("span", {}, label(option), option.description ? el("small", {}, option.description.text) : null))));
  }
  const shared = { name, placeholder: item.placeholder?.text, maxlength: item.max_length };
  if (item.type === "plain_text_input" && item.multiline) {
    return el("textarea", { ...shared, rows: 4 }, item.initial_value ?? "");
  }
  const type = { number_input: "number", email_text_input: "email", url_text_input: "url" }[item.type] ?? "text";
  return el("input", { ...shared, type, value: item.initial_value });
}

function stateOf(item, field) {
  const find = (value) => item.options.find((option) => option.value === value) ?? null;
  if (item.type === "static_select") {
    return { type: item.type, selected_option: find(field.querySelector("select").value) };
  }
  if (SELECTS.has(item.type)) {
    const values = [...field.querySelectorAll("input:checked")].map((input) => find(input.value));
    return item.type === "radio_buttons" ? { type: item.type, selected_option: values[0] ?? null }
      : { type: item.type, selected_options: values };
  }
  return { type: item.type, value: field.querySelector("input,textarea").value || null };
}

const isEmpty = (state) => !(state.value || state.selected_option || state.selected_options?.length);

export function renderModal(view, context, { submit, close }) {
  const fields = new Map();
  const body = el("div", { class: "modal-body" });
  if (view.errors[""]) body.append(el("p", { class: "field-error" }, view.errors[""]));
  for (const block of view.blocks) {
    if (block.type !== "input") {
      body.append(...renderBlocks([block], context));
      continue;
    }
    const optional = block.optional ? el("span", { class: "optional" }, " (optional)") : null;
    const error = el("p", { class: "field-error" }, view.errors[block.block_id] ?? "");
    const held = view.state?.values?.[block.block_id]?.[block.element.action_id];
    const field = el("div", { class: "field", "data-block-id": block.block_id },
      el("div", { class: "label" }, textOf(block.label, context), optional), control(withHeld(block.element, held)), error,
      block.hint ? el("p", { class: "hint" }, textOf(block.hint, context)) : null);
    fields.set(block, field);
    body.append(field);
  }
  const send = (event) => {
    event.preventDefault();
    const values = {};
    let complete = true;
    for (const [block, field] of fields) {
      const state = stateOf(block.element, field);
      const missing = isEmpty(state) && !block.optional;
      field.querySelector(".field-error").textContent = missing ? "Please complete this required field." : "";
      complete &&= !missing;
      values[block.block_id] = { [block.element.action_id]: state };
    }
    if (complete) submit(values);
  };
  return el("form", { class: "modal", role: "dialog", "aria-modal": "true", onsubmit: send, novalidate: true },
    el("div", { class: "modal-head" }, el("h2", {}, textOf(view.title, context)),
      el("button", { type: "button", class: "close", "aria-label": "Close", onclick: close }, "✕")),
    body,
    el("div", { class: "modal-foot" },
      el("button", { type: "button", class: "btn", onclick: close }, view.close?.text ?? "Cancel"),
      view.submit ? el("button", { type: "submit", class: "btn primary" }, view.submit.text) : null));
}

function withHeld(item, held) {
  if (!held) return item;
  return { ...item, initial_value: held.value ?? item.initial_value,
    initial_option: held.selected_option ?? item.initial_option,
    initial_options: held.selected_options ?? item.initial_options };
}
