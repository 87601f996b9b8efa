CREATE TABLE IF NOT EXISTS posts (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    day TEXT NOT NULL,
    state_day TEXT NOT NULL,
    pen_name TEXT NOT NULL UNIQUE,
    fields TEXT NOT NULL,
    marks TEXT NOT NULL,
    approved_hash TEXT,
    reread INTEGER NOT NULL DEFAULT 0,
    appealed INTEGER NOT NULL DEFAULT 0,
    risk INTEGER NOT NULL DEFAULT 3,
    language TEXT NOT NULL DEFAULT '',
    first_reader TEXT NOT NULL DEFAULT '',
    editors TEXT NOT NULL DEFAULT '[]',
    looked INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS posts_by_risk ON posts (state, risk, day, id);
CREATE INDEX IF NOT EXISTS posts_by_state_day ON posts (state, state_day);
-- SQLite moves the first thousand bytes of a row about, and secure_delete does not overwrite the
-- places that a row only passed through. The pad keeps people's words out of those bytes: they lie
-- in overflow pages, which never move and are overwritten when the row goes.
CREATE TABLE IF NOT EXISTS texts (
    post_id TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    title TEXT NOT NULL,
    html TEXT NOT NULL,
    typed TEXT,
    removed TEXT NOT NULL,
    highlights TEXT NOT NULL
) WITHOUT ROWID;
-- The author's own words, where a moderator took identifying detail out of them.
CREATE TABLE IF NOT EXISTS originals (
    post_id TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    title TEXT NOT NULL,
    html TEXT NOT NULL,
    typed TEXT,
    removed TEXT NOT NULL,
    highlights TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    post_id TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    day TEXT NOT NULL,
    words TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS offers (
    post_id TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    hash TEXT NOT NULL,
    title TEXT NOT NULL,
    html TEXT NOT NULL,
    typed TEXT,
    removed TEXT NOT NULL,
    highlights TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reports (
    id TEXT PRIMARY KEY,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    post_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    state_day TEXT,
    answered INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reports_by_post ON reports (post_id, state);
CREATE INDEX IF NOT EXISTS reports_open ON reports (post_id, reason, state) WHERE state = 'open';
CREATE TABLE IF NOT EXISTS authors (
    lookup BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spent (
    nonce BLOB PRIMARY KEY,
    body BLOB NOT NULL,
    post_id TEXT NOT NULL,
    day TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (
    post_id TEXT PRIMARY KEY,
    moderator TEXT NOT NULL,
    until REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS undos (
    post_id TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    before TEXT NOT NULL,
    version INTEGER NOT NULL,
    moderator TEXT NOT NULL,
    until REAL NOT NULL,
    month TEXT,
    slots TEXT,
    message_day TEXT,
    message_words TEXT,
    batch TEXT NOT NULL DEFAULT '',
    text TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS undos_by_batch ON undos (batch);
CREATE TABLE IF NOT EXISTS record (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    about TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    rules TEXT NOT NULL DEFAULT '[]',
    approved_hash TEXT,
    salt BLOB,
    seal TEXT NOT NULL DEFAULT '',
    link TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS record_by_about ON record (about, number);
CREATE INDEX IF NOT EXISTS record_by_day ON record (day, what);
-- How many posts stand where, kept in step by the triggers below, so that no page counts them.
CREATE TABLE IF NOT EXISTS standing (
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (kind, state)
) WITHOUT ROWID;
-- What a queue can be asked for, in the queue's own order: never a word of a text.
CREATE TABLE IF NOT EXISTS facets (
    facet TEXT NOT NULL,
    state TEXT NOT NULL,
    risk INTEGER NOT NULL,
    day TEXT NOT NULL,
    post_id TEXT NOT NULL,
    PRIMARY KEY (facet, state, risk, day, post_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS facets_by_post ON facets (post_id);
-- The team's figures: what happened how often, by day or by a month's first day; no person in it.
CREATE TABLE IF NOT EXISTS tallies (
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (day, name)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS posts_come AFTER INSERT ON posts BEGIN
    INSERT INTO standing VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET number = number + 1;
    INSERT INTO facets SELECT facet, new.state, new.risk, new.day, new.id FROM (
        SELECT 'kind:' || new.kind AS facet UNION ALL SELECT 'language:' || new.language
        UNION SELECT 'topic:' || value FROM json_each(iif(json_valid(new.fields), new.fields, '{}'), '$.topics') WHERE value IS NOT NULL
        UNION SELECT 'rule:' || value FROM json_each(iif(json_valid(new.marks), new.marks, '[]')) WHERE value IS NOT NULL);
END;
CREATE TRIGGER IF NOT EXISTS posts_move AFTER UPDATE OF state ON posts WHEN new.state != old.state BEGIN
    UPDATE standing SET number = number - 1 WHERE kind = old.kind AND state = old.state;
    INSERT INTO standing VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER IF NOT EXISTS posts_change AFTER UPDATE OF state, risk, day, fields, marks, language ON posts
WHEN new.state != old.state OR new.risk != old.risk OR new.day != old.day
    OR new.fields != old.fields OR new.marks != old.marks OR new.language != old.language BEGIN
    DELETE FROM facets WHERE post_id = old.id;
    INSERT INTO facets SELECT facet, new.state, new.risk, new.day, new.id FROM (
        SELECT 'kind:' || new.kind AS facet UNION ALL SELECT 'language:' || new.language
        UNION SELECT 'topic:' || value FROM json_each(iif(json_valid(new.fields), new.fields, '{}'), '$.topics') WHERE value IS NOT NULL
        UNION SELECT 'rule:' || value FROM json_each(iif(json_valid(new.marks), new.marks, '[]')) WHERE value IS NOT NULL);
END;
CREATE TRIGGER IF NOT EXISTS posts_leave AFTER DELETE ON posts BEGIN
    UPDATE standing SET number = number - 1 WHERE kind = old.kind AND state = old.state;
    DELETE FROM facets WHERE post_id = old.id;
END;
-- How often a post has come to wait for two readers, ever: what tells that a digest has news.
CREATE TRIGGER IF NOT EXISTS urgent_comes AFTER INSERT ON posts
WHEN new.risk = 0 AND new.state IN ('received', 'second', 'appealed', 'hidden') BEGIN
    INSERT INTO counters VALUES ('urgent-came', 1) ON CONFLICT DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER IF NOT EXISTS urgent_comes_again AFTER UPDATE OF state, risk ON posts
WHEN new.risk = 0 AND new.state IN ('received', 'second', 'appealed', 'hidden')
    AND NOT (old.risk = 0 AND old.state IN ('received', 'second', 'appealed', 'hidden')) BEGIN
    INSERT INTO counters VALUES ('urgent-came', 1) ON CONFLICT DO UPDATE SET value = value + 1;
END;
-- What an author takes back takes along why it was decided as it was, and all that its words made.
CREATE TRIGGER IF NOT EXISTS posts_withdrawn AFTER UPDATE OF state ON posts
WHEN new.state = 'withdrawn' AND old.state != 'withdrawn' BEGIN
    UPDATE record SET reason = '', rules = '[]', approved_hash = NULL, salt = NULL WHERE about = old.id;
END;
-- What is erased for good, or off the site, on its way into the ledger that backups do not hold:
-- written in the erasing transaction, gone from here as soon as it is in the ledger.
CREATE TABLE IF NOT EXISTS erasures (
    what TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (what, id)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS gone_post AFTER DELETE ON posts BEGIN
    INSERT OR IGNORE INTO erasures VALUES ('post', old.id);
END;
CREATE TRIGGER IF NOT EXISTS gone_withdrawn AFTER UPDATE OF state ON posts
WHEN new.state = 'withdrawn' AND old.state != 'withdrawn' BEGIN
    INSERT OR IGNORE INTO erasures VALUES ('post', new.id);
END;
CREATE TRIGGER IF NOT EXISTS gone_off AFTER UPDATE OF state ON posts
WHEN old.state = 'approved' AND new.state NOT IN ('approved', 'withdrawn') BEGIN
    INSERT OR IGNORE INTO erasures VALUES ('off', new.id);
END;
CREATE TRIGGER IF NOT EXISTS gone_author AFTER DELETE ON authors BEGIN
    INSERT OR IGNORE INTO erasures VALUES ('author', lower(hex(old.lookup)));
END;
CREATE TRIGGER IF NOT EXISTS gone_report AFTER DELETE ON reports BEGIN
    INSERT OR IGNORE INTO erasures VALUES ('report', old.id);
END;
CREATE TABLE IF NOT EXISTS editions (
    post_id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    month TEXT NOT NULL,
    slots TEXT NOT NULL
) WITHOUT ROWID;
-- Posts of which what is approved and what the record says is up may not be the same: what the press
-- has to look at. The triggers note a post with every change that makes a difference, in its own
-- transaction; the press alone takes one out, or it goes with a post of which nothing is up.
CREATE TABLE IF NOT EXISTS unpressed (
    post_id TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS unpressed_comes AFTER INSERT ON posts WHEN new.state = 'approved' BEGIN
    INSERT OR IGNORE INTO unpressed VALUES (new.id);
END;
CREATE TRIGGER IF NOT EXISTS unpressed_changes AFTER UPDATE OF state, approved_hash, kind, pen_name, fields ON posts
WHEN (new.state != old.state OR new.approved_hash IS NOT old.approved_hash
    OR new.kind != old.kind OR new.pen_name != old.pen_name OR new.fields != old.fields)
    AND ('approved' IN (old.state, new.state) OR EXISTS (SELECT 1 FROM editions WHERE post_id = new.id)) BEGIN
    INSERT OR IGNORE INTO unpressed VALUES (new.id);
END;
CREATE TRIGGER IF NOT EXISTS unpressed_goes AFTER DELETE ON posts BEGIN
    DELETE FROM unpressed WHERE post_id = old.id;
    INSERT OR IGNORE INTO unpressed SELECT post_id FROM editions WHERE post_id = old.id;
END;
-- Nobody's door changes these words without a new hash: whoever did is found all the sooner.
CREATE TRIGGER IF NOT EXISTS unpressed_words AFTER UPDATE OF title, html ON texts
WHEN new.title IS NOT old.title OR new.html IS NOT old.html BEGIN
    INSERT OR IGNORE INTO unpressed SELECT id FROM posts WHERE id = new.post_id AND state = 'approved';
END;
-- An example is up and is no post: it is looked at each time.
CREATE TRIGGER IF NOT EXISTS unpressed_place AFTER INSERT ON editions
WHEN NOT EXISTS (SELECT 1 FROM posts WHERE id = new.post_id
    AND ((state = 'approved' AND approved_hash = new.hash) OR (state IN ('hidden', 'second') AND new.hash = ''))) BEGIN
    INSERT OR IGNORE INTO unpressed VALUES (new.post_id);
END;
CREATE TRIGGER IF NOT EXISTS unpressed_place_goes AFTER DELETE ON editions
WHEN EXISTS (SELECT 1 FROM posts WHERE id = old.post_id AND state = 'approved') BEGIN
    INSERT OR IGNORE INTO unpressed VALUES (old.post_id);
END;
CREATE TABLE IF NOT EXISTS next_slots (
    list TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    rung INTEGER NOT NULL,
    state TEXT NOT NULL,
    went_up INTEGER NOT NULL,
    came_down INTEGER NOT NULL,
    words TEXT NOT NULL,
    mended TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS moderators (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    day TEXT NOT NULL,
    roles TEXT NOT NULL DEFAULT '["moderator"]',
    learning INTEGER NOT NULL DEFAULT 0,
    opt_outs TEXT NOT NULL DEFAULT '[]',
    collapsed INTEGER NOT NULL DEFAULT 1,
    keys INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;
-- What somebody read today, for their own eyes; the row of a day goes with the day.
CREATE TABLE IF NOT EXISTS duty (
    moderator TEXT PRIMARY KEY REFERENCES moderators (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    heavy INTEGER NOT NULL,
    heavy_in_a_row INTEGER NOT NULL,
    seconds REAL NOT NULL,
    in_a_row_seconds REAL NOT NULL,
    seen REAL NOT NULL,
    rest_until REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recoveries (
    moderator TEXT PRIMARY KEY REFERENCES moderators (id) ON DELETE CASCADE,
    asked_by TEXT NOT NULL REFERENCES moderators (id) ON DELETE CASCADE,
    until REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passkeys (
    credential_id BLOB PRIMARY KEY,
    moderator TEXT NOT NULL REFERENCES moderators (id) ON DELETE CASCADE,
    public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    day TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS passkeys_by_moderator ON passkeys (moderator);
CREATE TABLE IF NOT EXISTS invitations (
    digest BLOB PRIMARY KEY,
    first INTEGER NOT NULL,
    until REAL NOT NULL,
    roles TEXT NOT NULL DEFAULT '["moderator"]',
    learning INTEGER NOT NULL DEFAULT 0,
    moderator TEXT NOT NULL DEFAULT '',
    invited_by TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS challenges (
    value BLOB PRIMARY KEY,
    ceremony TEXT NOT NULL,
    moderator TEXT NOT NULL,
    until REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    moderator TEXT NOT NULL REFERENCES moderators (id) ON DELETE CASCADE,
    until REAL NOT NULL,
    seen REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_by_moderator ON sessions (moderator);
CREATE TRIGGER IF NOT EXISTS gone_moderator AFTER DELETE ON moderators BEGIN
    INSERT OR IGNORE INTO erasures VALUES ('moderator', old.id);
END;
CREATE TRIGGER IF NOT EXISTS gone_passkey AFTER DELETE ON passkeys BEGIN
    INSERT OR IGNORE INTO erasures VALUES ('passkey', lower(hex(old.credential_id)));
END;
