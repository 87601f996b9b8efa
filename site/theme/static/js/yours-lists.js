// Stories that were saved, and words that somebody asked not to see.

import { filedUnder } from "./yours-filed.js";
import { HIDDEN, SAVED, change, read } from "./yours-keeping.js";
import { at, clone, say, told } from "./yours-page.js";

const GONE = "A story that is no longer here";

function keep(kind, how, words, focus) {
  const trouble = change(kind, how);
  at(focus).focus();
  say(trouble || words);
  show();
}

// Its author may have taken a story back. We look only when the reader asks for it, and ask for
// nothing but the page itself; what it was called is then forgotten here too.
async function open(event, story) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const gone = await fetch(story.address, { credentials: "omit" }).then(({ status }) => status === 404, () => false);
  if (!gone) {
    location.assign(story.address);
    return;
  }
  const { address } = story;
  const how = (stories) => stories.map((one) => (one.address === address ? { address, gone } : one));
  keep(SAVED, how, "That story is no longer here. Its author can take it back at any time, and so can we.", "saved");
}

function saved(story) {
  const item = clone("saved-story");
  const link = item.querySelector("a");
  const remove = item.querySelector("button");
  const name = story.gone ? GONE : story.title;
  link.textContent = name;
  if (story.gone) link.replaceWith(name);
  else {
    link.dir = "auto";
    link.href = story.address;
    link.addEventListener("click", (event) => open(event, story));
  }
  item.querySelector("p").textContent = story.penName ?? "";
  remove.setAttribute("aria-label", `Remove ${name}`);
  remove.addEventListener("click", () => {
    keep(SAVED, (stories) => stories.filter((one) => one.address !== story.address), "Removed from this device.", "saved");
  });
  return item;
}

function hidden({ list, slug, label }) {
  const item = clone("hidden-word");
  const words = filedUnder(list, label);
  const again = item.querySelector("button");
  item.querySelector("p").textContent = words;
  again.setAttribute("aria-label", `Show them again: ${words}`);
  again.addEventListener("click", () => {
    const how = (lists) => {
      delete lists[list][slug];
      return lists;
    };
    keep(HIDDEN, how, "They are shown again.", "hidden");
  });
  return item;
}

export function show() {
  const stories = told(read(SAVED), SAVED, at("saved-stories").parentElement);
  const lists = told(read(HIDDEN), HIDDEN, at("hidden-words").parentElement);
  at("saved-stories").replaceChildren(...(stories ?? []).map(saved));
  at("no-saved").hidden = stories?.length !== 0;
  const entries = Object.entries(lists ?? {}).flatMap(([list, words]) =>
    Object.entries(words).map(([slug, label]) => ({ list, slug, label })),
  );
  at("hidden-words").replaceChildren(...entries.map(hidden));
  at("no-hidden").hidden = !lists || entries.length > 0;
}
