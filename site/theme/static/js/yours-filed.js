// What stories are filed under: the lists of words a reader can hide them by, and how that is said.

const LISTS = { notes: "Stories that mention", topics: "Stories about" };

export const lists = Object.keys(LISTS);

// "Stories that mention: Death or grief". The label is the site's own; it came with the slug.
export const filedUnder = (list, label) => `${LISTS[list]}: ${label}`;
