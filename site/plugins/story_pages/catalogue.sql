-- The lines of a part of the manifest, as the edition was made of them. Each has the hash of a
-- story, which must not outlive it: the pad keeps them out of the bytes that SQLite moves about.
CREATE TABLE IF NOT EXISTS part (
    name TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    lines BLOB NOT NULL
) WITHOUT ROWID;
-- Where every story stands, and the number of the run in which it came or became another.
CREATE TABLE IF NOT EXISTS slot (
    shelf TEXT NOT NULL,
    slot INTEGER NOT NULL,
    id TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (shelf, slot, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shelf (name TEXT PRIMARY KEY, stories INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS indexed (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aside (
    id TEXT NOT NULL,
    part TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (part, id)
) WITHOUT ROWID;
-- What a page was made of the last time. It is made again when that has changed.
CREATE TABLE IF NOT EXISTS made (path TEXT PRIMARY KEY, of TEXT NOT NULL) WITHOUT ROWID;
