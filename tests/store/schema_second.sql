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
    appealed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS posts_by_state ON posts (state, day, id);
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
    post_id TEXT PRIMARY KEY,
    pad BLOB NOT NULL DEFAULT (zeroblob(1024)),
    state TEXT NOT NULL,
    state_day TEXT NOT NULL,
    approved_hash TEXT,
    version INTEGER NOT NULL,
    moderator TEXT NOT NULL,
    until REAL NOT NULL,
    month TEXT,
    slots TEXT,
    message_day TEXT,
    message_words TEXT,
    reread INTEGER NOT NULL DEFAULT 0,
    batch TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS undos_by_batch ON undos (batch);
CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    moderator TEXT NOT NULL,
    act TEXT NOT NULL,
    post_id TEXT NOT NULL,
    approved_hash TEXT
);
CREATE INDEX IF NOT EXISTS decisions_by_post ON decisions (post_id, number);
CREATE TABLE IF NOT EXISTS editions (
    post_id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    month TEXT NOT NULL,
    slots TEXT NOT NULL
) WITHOUT ROWID;
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
    words TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS moderators (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    day TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passkeys (
    credential_id BLOB PRIMARY KEY,
    moderator TEXT NOT NULL REFERENCES moderators (id) ON DELETE CASCADE,
    public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS passkeys_by_moderator ON passkeys (moderator);
CREATE TABLE IF NOT EXISTS invitations (
    digest BLOB PRIMARY KEY,
    first INTEGER NOT NULL,
    until REAL NOT NULL
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
