// The notebook: how hard a day was, a few lines, what helps next. It is saved as a file by the browser itself.

import { made } from "./yours-elements.js";
import { NOTES, change, read } from "./yours-keeping.js";
import { at, clone, say, told } from "./yours-page.js";
import { inWords, today } from "./yours-calendar.js";

let changing = null; // the id of the note that is being changed

const hows = () => [...at("how").querySelectorAll("input")];
const newestFirst = (notes) => [...notes].sort((one, other) => (other.day + other.id > one.day + one.id ? 1 : -1));
const heading = (note) => [inWords(note.day), note.how].filter(Boolean).join(" · ");
const nextWords = (note) => (note.next ? `What helps next: ${note.next}` : "");

function typed() {
  return {
    day: at("day").value,
    how: hows().find((one) => one.checked)?.value ?? "",
    lines: at("lines").value.trim(),
    next: at("next").value.trim(),
  };
}

function fill(note) {
  at("day").value = note.day;
  for (const one of hows()) one.checked = one.value === note.how;
  at("lines").value = note.lines;
  at("next").value = note.next;
}

function clear() {
  changing = null;
  fill({ day: today(), how: "", lines: "", next: "" });
  at("leave-note").hidden = true;
}

function put(notes, note) {
  if (changing === null) return [...notes, { id: 1 + Math.max(0, ...notes.map(({ id }) => id)), ...note }];
  return notes.map((one) => (one.id === changing ? { id: one.id, ...note } : one));
}

function keep(event) {
  event.preventDefault();
  const note = typed();
  const isEmpty = !note.how && !note.lines && !note.next;
  const trouble = isEmpty ? "There is nothing in this note yet." : change(NOTES, (notes) => put(notes, note));
  say(trouble || "Kept, on this device alone.");
  if (trouble) return;
  at("heavy").hidden = note.how !== "Very hard";
  clear();
  show();
}

function remove(note) {
  const trouble = change(NOTES, (notes) => notes.filter(({ id }) => id !== note.id));
  const putBack = () => {
    say(change(NOTES, (notes) => [...notes, note]) || "It is back.");
    show();
  };
  if (changing === note.id) clear();
  say(trouble || "That note is deleted.", { putBack: trouble ? undefined : putBack });
  show();
}

function item(note) {
  const shown = clone("one-note");
  const [lines, next] = shown.querySelectorAll("p");
  const [changes, deletes] = shown.querySelectorAll("button");
  shown.querySelector("h3").textContent = heading(note);
  lines.textContent = note.lines;
  next.textContent = nextWords(note);
  for (const empty of [lines, next].filter((place) => !place.textContent)) empty.remove();
  for (const button of [changes, deletes]) button.append(made("span", ` the note of ${inWords(note.day)}`, "visually-hidden"));
  changes.addEventListener("click", () => {
    changing = note.id;
    fill(note);
    at("leave-note").hidden = false;
    at("lines").focus();
  });
  deletes.addEventListener("click", () => {
    at("notebook").focus();
    remove(note);
  });
  return shown;
}

function asText(notes) {
  const parts = notes.map((note) => [heading(note), note.lines, nextWords(note)].filter(Boolean).join("\n"));
  return ["My notebook", ...parts, ""].join("\n\n");
}

function download() {
  const notes = newestFirst(read(NOTES) ?? []);
  const address = URL.createObjectURL(new Blob([asText(notes)], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "notebook.txt"; // the name says nothing of where it comes from
  link.click();
  URL.revokeObjectURL(address);
}

export function show() {
  at("day").max = today();
  at("day").value ||= today();
  const notes = told(read(NOTES), NOTES, at("note").parentElement);
  if (!notes) return;
  at("with-notes").hidden = notes.length === 0;
  at("notes").replaceChildren(...newestFirst(notes).map(item));
}

export function forget() {
  at("heavy").hidden = true;
  clear();
}

export function start() {
  at("notebook").tabIndex = -1;
  at("note").addEventListener("submit", keep);
  at("leave-note").addEventListener("click", clear);
  at("download").addEventListener("click", download);
}
