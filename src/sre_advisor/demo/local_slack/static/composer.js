// The box to type in: Enter sends, Shift+Enter breaks the line, "@" offers the people of the workspace.

import { el } from "./mrkdwn.js";

export function composer(form, { send, people }) {
  const box = el("textarea", { rows: 1, "aria-label": "Message" });
  const menu = el("div", { class: "mentions", hidden: true, role: "listbox" });
  const button = el("button", { type: "submit", class: "send", "aria-label": "Send", disabled: true }, "➤");
  form.append(menu, box, button);

  const typedName = () => box.value.slice(0, box.selectionStart).match(/(?:^|\s)@([\w.-]*)$/);
  const choose = (name) => {
    const start = box.selectionStart - typedName()[1].length;
    const rest = box.value.slice(box.selectionStart);
    box.value = `${box.value.slice(0, start)}${name} ${rest.trimStart()}`;
    box.selectionStart = box.selectionEnd = start + name.length + 1;
    box.focus();
    refresh();
  };
  const offers = () => {
    const typed = typedName();
    if (!typed) return [];
    const users = Object.values(people().users).filter((user) => user.name.startsWith(typed[1].toLowerCase()));
    return users.filter((user) => user.name !== typed[1]).sort((a, b) => Number(b.is_bot) - Number(a.is_bot));
  };
  const refresh = () => {
    button.disabled = !box.value.trim();
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
    const found = offers();
    menu.hidden = !found.length;
    menu.replaceChildren(...found.map((user, index) => el("button", {
      type: "button", role: "option", class: index ? "" : "first", onmousedown: (event) => event.preventDefault(),
      onclick: () => choose(user.name) }, el("b", {}, user.name), ` ${user.real_name}`)));
  };
  const submit = () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    refresh();
    send(text);
  };
  box.addEventListener("input", refresh);
  box.addEventListener("blur", () => { menu.hidden = true; });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const found = menu.hidden ? [] : offers();
    if (found.length && (event.key === "Tab" || event.key === "Enter")) {
      event.preventDefault();
      choose(found[0].name);
    } else if (event.key === "Escape") {
      menu.hidden = true;
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  return box;
}
