// What stays on this device: one prefix, one yes, one eraser. Nothing here can send anything.

const PREFIX = "handrail.";
const ANSWER = "keep";
const ADDRESS = /^\/stories\/[a-z0-9]{16}\/$/;

const isText = (value) => typeof value === "string";
const isDay = (value) => isText(value) && /^\d{4}-\d\d-\d\d$/.test(value);
const isBySlug = (value) => value?.constructor === Object && Object.values(value).every(isText); // slug: label
const listOf = (fits) => (value) => Array.isArray(value) && value.every(fits);

// What is kept: its name, how it begins, and how to tell that it is what we put there.
export const SAVED = {
  name: "saved",
  empty: [],
  fits: listOf((story) => ADDRESS.test(story?.address) && (story.gone === true || (isText(story.title) && isText(story.penName)))),
};
export const DAYS = {
  name: "days",
  empty: { what: "", stretches: [] },
  fits: (value) =>
    isText(value?.what) &&
    listOf((one) => isDay(one?.from) && (one.to === "" || isDay(one.to)) && isText(one.helped))(value.stretches),
};
export const NOTES = {
  name: "notes",
  empty: [],
  fits: listOf((note) => Number.isInteger(note?.id) && isDay(note.day) && [note.how, note.lines, note.next].every(isText)),
};
export const HIDDEN = {
  name: "hidden",
  empty: { notes: {}, topics: {} },
  fits: (value) => isBySlug(value?.notes) && isBySlug(value.topics),
};

export const OTHERS = "Whoever uses this browser after you could read it.";
export const CANNOT = "This browser would not keep it: it has no room left, or keeps nothing. What you typed is still on this page.";
export const UNREADABLE = "What was kept here before cannot be read. It was left as it is, so nothing new can be kept beside it.";
const OFF = "Nothing was kept: this browser was asked to keep nothing. What you typed is still on this page.";

// What lies there, whatever it is, or null. Storage itself can be missing, and asking for it can fail.
export function look(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

function put(name, text) {
  try {
    localStorage.setItem(PREFIX + name, text);
    return localStorage.getItem(PREFIX + name) === text;
  } catch {
    return false;
  }
}

export const isOn = () => look(ANSWER) === "yes";
export const switchOn = () => put(ANSWER, "yes");

// What is kept of a kind; null when something is there that cannot be read.
export function read({ name, empty, fits }) {
  const text = look(name);
  if (text === null) return structuredClone(empty);
  try {
    const value = JSON.parse(text);
    return fits(value) ? value : null;
  } catch {
    return null;
  }
}

// Change what is kept, as it is now and not as a page showed it; "" or what went wrong, in words.
export function change(kind, how) {
  if (!isOn()) return OFF;
  const value = read(kind);
  if (value === null) return UNREADABLE;
  return put(kind.name, JSON.stringify(how(value))) ? "" : CANNOT;
}

// Everything, whatever put it there; whether it is gone.
export function eraseAll() {
  try {
    for (const storage of [localStorage, sessionStorage]) {
      for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
    }
    return Object.keys(localStorage).every((key) => !key.startsWith(PREFIX));
  } catch {
    return false;
  }
}

// Call back when another tab changed something, or when this page comes back as it was left.
export function whenChanged(callback) {
  addEventListener("storage", (event) => {
    if (event.key === null || event.key.startsWith(PREFIX)) callback();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) callback();
  });
}
