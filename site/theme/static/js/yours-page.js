// What the parts of /yours/ share: finding a place, saying something, and what cannot be read.

import { button, made } from "./yours-elements.js";
import { UNREADABLE, look } from "./yours-keeping.js";

export const at = (id) => document.getElementById(id);
export const clone = (id) => at(id).content.firstElementChild.cloneNode(true);

// Say it where it is seen, at the head of the part in which the reader does something. `putBack`
// undoes it, for as long as the words stand there.
export function say(words, { part = document.activeElement?.closest("section.band"), putBack } = {}) {
  const said = at("said");
  part?.querySelector("h2 + div").prepend(said);
  said.hidden = !words;
  said.textContent = "";
  // Into an element that is there already: that is what gets read out.
  requestAnimationFrame(() => {
    said.textContent = words;
    if (putBack) said.append(" ", putBackButton(putBack));
  });
}

function putBackButton(putBack) {
  return button("Put it back", ({ target }) => {
    const heading = target.closest("section").querySelector("h2");
    heading.tabIndex = -1;
    heading.focus(); // the button goes
    putBack();
  });
}

// What was read of a kind, or nothing and the reader told: then its part shows the text as it lies there.
export function told(value, kind, place) {
  place.querySelector(".unreadable")?.remove();
  if (value !== null) return value;
  const box = made("div", "", "notice notice-care unreadable");
  const words = `${UNREADABLE} You can copy it from here. “Erase all of it” makes room again.`;
  box.append(made("p", words), made("pre", look(kind.name)));
  place.prepend(box);
  return null;
}
