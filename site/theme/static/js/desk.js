// The desk by keyboard: everything here can also be done without it, by pressing what it presses.
// Letters work only where nobody is typing, and never with Ctrl, Alt or Meta.

const KEYS = [
  ["j", "The next card", () => move(1)],
  ["k", "The card before", () => move(-1)],
  ["o", "Open the card, or the text", open],
  ["c", "Hold it to read and decide", () => press("c")],
  ["s", "Not for me today", () => press("s")],
  ["a", "To the marked words and the approval", () => go("review")],
  ["f", "Suggest changes", () => unfold("decide-offer")],
  ["r", "Return with a message", () => unfold("decide-return")],
  ["d", "Decline with a message", () => unfold("decide-decline")],
  ["t", "Take down with a message", () => unfold("decide-take-down")],
  ["e", "Escalate", () => unfold("decide-escalate")],
  ["u", "Undo, within a minute", undo],
  ["q", "Back to the queue", () => location.assign("/moderation/")],
  ["?", "These keys", help],
];

// Single letters can be in the way of speech input, so that anybody can turn them off on their page.
// Source: WCAG 2.2, 2.1.4 Character Key Shortcuts.
const keysAreOn = document.querySelector(".desk-nav[data-keys]") !== null;

const cards = () => [...document.querySelectorAll("[data-card]")];
const link = (card) => card.querySelector("a");

function current() {
  return cards().findIndex((card) => card.contains(document.activeElement));
}

function move(step) {
  const all = cards();
  if (!all.length) return false;
  const at = current();
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  link(all[next]).focus();
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

function open() {
  const all = cards();
  if (all.length) {
    link(all[Math.max(current(), 0)]).click();
    return true;
  }
  return press("o");
}

function press(key) {
  const all = cards();
  const form = all.length
    ? all[Math.max(current(), 0)].querySelector("form")
    : document.querySelector(`form[data-key=${key}]`);
  if (!form || (all.length && key !== "c")) return false; // a card has one form: to read it
  form.requestSubmit();
  return true;
}

function go(id) {
  const form = document.getElementById(id);
  const stops = form?.querySelectorAll("summary, input:not([type=hidden]), textarea, button") ?? [];
  const first = [...stops].find((stop) => stop.checkVisibility());
  first?.focus();
  first?.scrollIntoView({ block: "center" });
  return Boolean(first);
}

function unfold(id) {
  const details = document.getElementById(id);
  if (!details) return false;
  details.open = true;
  (details.querySelector("textarea") ?? details.querySelector("summary")).focus();
  return true;
}

function undo() {
  const form = [...document.forms].find((one) => new URL(one.action).pathname.endsWith("/undo"));
  form?.requestSubmit();
  return Boolean(form);
}

function help() {
  let dialog = document.getElementById("keys");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "keys";
    dialog.setAttribute("aria-labelledby", "keys-heading");
    const heading = document.createElement("h2");
    heading.id = "keys-heading";
    heading.textContent = "Keys";
    const list = document.createElement("dl");
    list.className = "facts";
    for (const [key, words] of KEYS) {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const name = document.createElement("kbd");
      const means = document.createElement("dd");
      name.textContent = key;
      means.textContent = words;
      term.append(name);
      row.append(term, means);
      list.append(row);
    }
    const form = document.createElement("form");
    form.method = "dialog";
    form.className = "actions";
    const turn = document.createElement("a");
    turn.href = "/moderation/you#choices";
    turn.textContent = keysAreOn ? "Turn the keys off" : "Turn the keys on";
    form.append(button("Close"), turn);
    dialog.append(heading, list, form);
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
  return true;
}

function button(words) {
  const made = document.createElement("button");
  made.className = "button button-quiet";
  made.textContent = words;
  return made;
}

const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog[open]") !== null;

document.addEventListener("keydown", (event) => {
  if (!keysAreOn) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
  const found = KEYS.find(([key]) => key === event.key);
  if (found && found[2]()) event.preventDefault();
});

const place = document.createElement("li");
const opener = button("Keys");
opener.addEventListener("click", help);
place.append(opener);
document.querySelector(".desk-nav .desk-you")?.before(place);

// Reading goes on where something was just done or went wrong; else the work begins at the heading.
const told = document.querySelector("#errors, [role=alert], [role=status]:not(:empty)");
const spot = told ?? (location.hash ? null : document.querySelector("main h1"));
spot?.setAttribute("tabindex", "-1");
spot?.focus({ preventScroll: spot !== told });
