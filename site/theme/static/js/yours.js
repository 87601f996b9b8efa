// "Yours alone": asks whether anything may stay on this device, shows what does, and erases it.

import { CANNOT, OTHERS, eraseAll, isOn, switchOn, whenChanged } from "./yours-keeping.js";
import { at, say } from "./yours-page.js";
import * as days from "./yours-days.js";
import * as lists from "./yours-lists.js";
import * as notes from "./yours-notes.js";

const YES = "From now on this browser keeps what you put here. You can erase all of it at any time.";

function show() {
  at("no-script").hidden = true;
  at("print-sheet").hidden = false;
  at("asked").hidden = isOn();
  at("kept").hidden = !isOn();
  if (isOn()) for (const part of [lists, days, notes]) part.show();
}

function forget() {
  for (const field of at("kept").querySelectorAll("input:not([type=radio]), textarea")) field.value = "";
  for (const place of ["saved-stories", "hidden-words", "stretches", "notes"]) at(place).replaceChildren();
  for (const place of at("kept").querySelectorAll(".unreadable")) place.remove();
  for (const place of ["this-stretch", "all-days", "counting", "still-here"]) at(place).textContent = "";
  notes.forget();
}

// What goes on paper: the sheet, or the notebook when somebody asks for it.
function print(what) {
  document.body.dataset.print = what;
  window.print();
  delete document.body.dataset.print;
}

for (const place of document.querySelectorAll("[data-others]")) place.textContent = OTHERS;
at("keep").tabIndex = at("saved").tabIndex = at("hidden").tabIndex = -1;
at("yes").addEventListener("click", () => {
  const kept = switchOn();
  show();
  say(kept ? YES : CANNOT, { part: at(kept ? "saved" : "asked").closest("section") });
  at(kept ? "saved" : "keep").focus();
});
at("no").addEventListener("click", () => say("Nothing is kept, not even this answer. The sheet below works on paper."));
at("erase-all").addEventListener("click", () => {
  const gone = eraseAll();
  forget();
  show();
  at("keep").focus();
  say(gone ? "All of it is erased from this browser." : "Some of it could not be erased. Clear this site’s data in your browser’s settings.", { part: at("asked") });
});
at("print-sheet").addEventListener("click", () => print("sheet"));
at("print-notes").addEventListener("click", () => print("notes"));
days.start();
notes.start();
// In another tab somebody may have erased it all: then what was shown here goes too.
whenChanged(() => {
  if (!isOn()) forget();
  show();
});
show();
