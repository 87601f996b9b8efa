// What scripts make of the page's own kinds of things: an element with words, and a button.

export function made(tag, words = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = words;
  element.className = className;
  return element;
}

export function button(words, pressed) {
  const one = made("button", words, "button button-quiet");
  one.type = "button";
  one.addEventListener("click", pressed);
  return one;
}
