-- The edition in place, the first that is still kept, and what the one in place was made of.
CREATE TABLE IF NOT EXISTS edition (
    number INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    made_of TEXT NOT NULL
);
INSERT INTO edition SELECT 0, 0, '' WHERE NOT EXISTS (SELECT 1 FROM edition);
-- The bytes of pages. SQLite moves the first thousand bytes of a row about, and secure_delete does
-- not overwrite the places that a row only passed through. The pad keeps people's words out of them.
CREATE TABLE IF NOT EXISTS sheet (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    body BLOB NOT NULL
) WITHOUT ROWID;
-- A page is the same sheet from one edition on until another; until then is NULL.
CREATE TABLE IF NOT EXISTS page (
    path TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    sheet INTEGER NOT NULL,
    PRIMARY KEY (path, since)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS page_now ON page (path) WHERE until IS NULL;
CREATE INDEX IF NOT EXISTS page_since ON page (since);
CREATE INDEX IF NOT EXISTS page_until ON page (until) WHERE until IS NOT NULL;
CREATE INDEX IF NOT EXISTS page_sheet ON page (sheet);
-- A sheet that no page is any more goes, and secure_delete writes zeros where it was.
CREATE TRIGGER IF NOT EXISTS page_goes AFTER DELETE ON page BEGIN
    DELETE FROM sheet WHERE number = old.sheet
        AND NOT EXISTS (SELECT 1 FROM page WHERE sheet = old.sheet);
END;
