-- The places in the list of all stories where something came, went or changed since the large index
-- was made. What that says of them counts no more.
CREATE TABLE IF NOT EXISTS search_since (slot INTEGER PRIMARY KEY);
