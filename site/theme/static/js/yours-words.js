// How the words that stories are filed under are said, where only their slugs are at hand.

export const HOW = { notes: "Stories that mention", topics: "Stories about" };

// "sexual-violence" is said in two words; "self-harm" keeps its hyphen.
export const inWords = (slug) => slug.replaceAll(/-(?!harm$)/g, " ");
