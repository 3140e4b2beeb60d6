-- One-time codes that let somebody in to choose a password; when a session was last used.

CREATE TABLE account_codes (
    id         BLOB PRIMARY KEY,
    user_id    BLOB NOT NULL REFERENCES users (id),
    purpose    TEXT NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    channel    TEXT NOT NULL CHECK (channel IN ('mail', 'card')),
    code_hash  TEXT UNIQUE,                       -- SHA-256 of the code; NULL: the mail that carries it is not written yet
    made_by    BLOB REFERENCES users (id),        -- NULL: at the server's terminal, or whoever forgot their password
    made_at    TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT;
CREATE INDEX account_codes_user ON account_codes (user_id, made_at);
-- The newest is the only one that opens anything.
CREATE UNIQUE INDEX account_codes_open ON account_codes (user_id) WHERE used_at IS NULL;

ALTER TABLE sessions ADD COLUMN used_at TEXT; -- to some minutes; NULL: not since it was opened
ALTER TABLE users ADD COLUMN invited_at TEXT; -- since when a first password is awaited; NULL: there is one
