// Searches in the browser: lists of many words each are fetched; what is typed goes nowhere.

const [WEIGHTS, AS_TYPED] = [[1, 2, 3, 6], 2]; // of a word in a text, often, very often, over it
const [FIRST, HALVES, ROOM] = [0x22, 0xd800, 0x800]; // how a slot is written: search_lines.py
const [AT_ONCE, MOST_PAGES, MOST_PIECES] = [10, 6, 6];

let files = new Map();

async function fetched(path) {
  const answer = await fetch(`/search/${path}`, { credentials: "omit" });
  if (answer.status === 404 && path.startsWith("told/")) return ""; // nothing stands there any more
  if (!answer.ok) throw new Error(answer.status);
  return path.endsWith(".json") ? answer.json() : answer.text();
}

function file(path) {
  if (!files.has(path)) files.set(path, fetched(path));
  return files.get(path);
}

export function wordsIn(text) {
  const plain = text.replace(/['’ʼ]/g, "").normalize("NFKD").toLowerCase();
  return plain.replace(/\p{M}+/gu, "").match(/[\p{L}\p{N}]{2,24}/gu) ?? [];
}

// "sleeping" is looked for as "sleep…", and so are all words of more than two letters.
export function stemOf(word) {
  return word.replace(/^(\p{L}{4,}?)(ings?|ed|e?s|ly)$/u, "$1");
}

export function* slotsIn(spelled) {
  let slot = -1;
  for (const character of spelled) {
    const number = character.codePointAt(0);
    slot += number - FIRST - (number < HALVES ? 0 : ROOM);
    yield slot;
  }
}

function piecesOf(pieces, from, to) {
  const found = [];
  for (let at = 0; pieces[at] <= to; at += 2) {
    if (!(pieces[at + 2] <= from)) found.push(`terms/${pieces[at + 1]}.json`);
  }
  return Promise.all(found.slice(0, MOST_PIECES).map(file));
}

// Stories have their slots; pages have numbers below zero.
async function placesOf(word, { directory, hand, recent }) {
  const stem = word.length > 2 ? stemOf(word) : word;
  const last = word.length > 2 ? `${stem}\uffff` : stem;
  const found = new Map();
  const note = (term, i, place) => {
    const weight = WEIGHTS[i] * (term === word ? AS_TYPED : 1);
    if (weight > (found.get(place) ?? 0)) found.set(place, weight);
  };
  const isOne = (term) => term >= stem && term <= last;
  const look = (lines, placeOf) => {
    for (const term of Object.keys(lines).filter(isOne)) {
      lines[term].split(" ").forEach((spelled, i) => {
        for (const slot of slotsIn(spelled)) note(term, i, placeOf(slot));
      });
    }
  };
  for (const lines of await piecesOf(directory.pieces, stem, last)) look(lines, (slot) => slot);
  for (const [slot, stories] of recent) {
    found.delete(slot); // what the large index says of it is old
    for (const classes of stories) {
      classes.forEach((terms, i) => terms.split(" ").filter(isOne).forEach((term) => note(term, i, slot)));
    }
  }
  look(hand.words, (place) => -1 - place);
  return found;
}

async function ground() {
  const [directory, buckets, hand] = await Promise.all(["index", "recent", "pages"].map((name) => file(`${name}.json`)));
  const lately = await Promise.all(buckets.map((number) => file(`recent/${number}.json`)));
  const recent = new Map(lately.flatMap(Object.entries).map(([slot, stories]) => [Number(slot), stories]));
  return { directory, hand, recent };
}

// What has all words, or else most of them.
function best(places, number) {
  const whole = places.filter(([, one]) => one.words === number);
  const all = whole.length > 0;
  const chosen = all ? whole : places;
  chosen.sort(([p, a], [q, b]) => b.words - a.words || b.score - a.score || q - p);
  return { all, places: chosen.map(([place]) => place) };
}

export async function find(typed) {
  const on = await ground();
  const words = [...new Set(wordsIn(typed))].filter((word) => !on.directory.stop.includes(word));
  const total = new Map();
  for (const found of await Promise.all(words.map((word) => placesOf(word, on)))) {
    for (const [place, weight] of found) {
      const one = total.get(place) ?? { words: 0, score: 0 };
      total.set(place, { words: one.words + 1, score: one.score + weight / Math.log2(2 + found.size) });
    }
  }
  const those = (are) => best([...total].filter(([place]) => are(place)), words.length);
  return { on, words, stories: those((place) => place >= 0), pages: those((place) => place < 0) };
}

async function cards(slots, bucket, without) {
  const told = await Promise.all(slots.map((slot) => file(`told/${Math.floor(slot / bucket) + 1}.txt`)));
  return told.flatMap((text, i) => {
    const box = document.createElement("template");
    box.innerHTML = text;
    return [...box.content.querySelectorAll(`[data-slot="${slots[i]}"] > *`)];
  }).filter((card) => !(without && card.classList.contains("heavy")));
}

function entry({ url, title, sentence, kind }) {
  const [item, link, words] = ["li", "a", "p"].map((name) => document.createElement(name));
  link.href = url;
  link.textContent = title;
  words.textContent = `${kind}. ${sentence}`;
  item.append(link, words);
  return item;
}

const counted = (number, one, more) => (number ? [`${number} ${number === 1 ? one : more}`] : []);
const inAll = (pages, stories) =>
  [...counted(pages, "guide or page", "guides and pages"), ...counted(stories, "story", "stories")].join(", and ");

// Danger is a word or a phrase, with or without its apostrophe.
const spoken = (text) => ` ${wordsIn(text).join(" ")} `;
const isOfDanger = (text, phrases) => phrases.split(",").some((phrase) => spoken(text).includes(spoken(phrase)));

function open(form) {
  const part = (name) => document.querySelector(`[data-${name}]`);
  const [status, care, pages, stories, more, morePages] = ["status", "care", "pages", "stories", "more", "more-pages"].map(part);
  const { words: field, without } = form.elements;
  const say = status.dataset;
  const [list, entries] = [stories.querySelector(".cards"), pages.querySelector("ul")];
  let turn = 0;
  let on, left, pagesLeft;

  async function showMore() {
    const shown = [];
    while (shown.length < AT_ONCE && left.length) {
      const next = left.splice(0, AT_ONCE - shown.length);
      shown.push(...(await cards(next, on.directory.bucket, without.checked)));
    }
    list.append(...shown);
    stories.hidden = !list.childElementCount;
    more.hidden = !left.length;
    return shown;
  }

  function showPages(most) {
    const shown = pagesLeft.splice(0, most);
    entries.append(...shown);
    pages.hidden = !entries.childElementCount;
    morePages.hidden = !pagesLeft.length;
    return shown;
  }

  function said({ words }, some) {
    const [ofPages, ofStories] = [entries, list].map((shown) => shown.childElementCount);
    const all = inAll(ofPages + pagesLeft.length, ofStories + left.length);
    if (!all) return words.length ? say.none : say.common;
    const first = inAll(pagesLeft.length && ofPages, left.length && ofStories);
    // Which of those left are to be left out is not known before they are fetched.
    const found = left.length && without.checked ? all.replace(/\d+ s/, "up to $&") : all;
    return `${some ? "" : say.few} Found: ${found}.${first && ` Shown first: ${first}.`}`;
  }

  async function search(now) {
    const found = await find(field.value);
    if (now !== turn) return;
    ({ on } = found);
    left = found.stories.places;
    pagesLeft = found.pages.places.map((place) => entry(on.hand.pages[-1 - place]));
    list.replaceChildren();
    entries.replaceChildren();
    showPages(MOST_PAGES);
    await showMore();
    const some = found.stories.all || found.pages.all;
    for (const name of ["stories", "pages"]) part(`${name}-have-some`).hidden = found[name].all || !some;
    status.textContent = said(found, some);
  }

  async function begin(event) {
    event.preventDefault();
    const now = (turn += 1);
    const anew = () => (files = new Map());
    status.textContent = "Looking…";
    care.hidden = !isOfDanger(field.value, care.dataset.care);
    // A new edition may have other files: then once more, from the start.
    await search(now)
      .catch(() => anew() && search(now))
      .catch(() => anew() && (status.textContent = say.failed));
  }

  const goOn = ([first]) => first?.querySelector("a").focus();
  form.addEventListener("submit", begin);
  without.addEventListener("change", (event) => turn && begin(event));
  more.addEventListener("click", () => showMore().then(goOn));
  morePages.addEventListener("click", () => goOn(showPages(Infinity)));
  part("without-script").hidden = true;
  form.hidden = false;
}

const form = document.querySelector("form[data-search]");
if (form) open(form);
