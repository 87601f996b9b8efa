-- What a story is like, as far as other stories lead to it: its places, what it mentions, its longer
-- words as bits, and what its writer said of themselves.
CREATE TABLE IF NOT EXISTS likeness (
    id TEXT PRIMARY KEY,
    places TEXT NOT NULL,
    notes TEXT NOT NULL,
    words BLOB NOT NULL,
    about TEXT NOT NULL,
    indexed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS likeness_about ON likeness (about) WHERE about <> '';
-- How many stories share a self-description, and how many tell of being in it, under "in it".
CREATE TABLE IF NOT EXISTS tally (name TEXT PRIMARY KEY, stories INTEGER NOT NULL) WITHOUT ROWID;
-- Where the page of a story leads.
CREATE TABLE IF NOT EXISTS leads (id TEXT PRIMARY KEY, there TEXT NOT NULL) WITHOUT ROWID;
