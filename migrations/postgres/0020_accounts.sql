-- One-time codes that let somebody in to choose a password; when a session was last used.

CREATE TABLE account_codes (
    id         UUID PRIMARY KEY,
    user_id    UUID NOT NULL REFERENCES users (id),
    purpose    TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    channel    TEXT COLLATE "C" NOT NULL CHECK (channel IN ('mail', 'card')),
    code_hash  TEXT COLLATE "C" UNIQUE,                       -- SHA-256 of the code; NULL: the mail that carries it is not written yet
    made_by    UUID REFERENCES users (id),        -- NULL: at the server's terminal, or whoever forgot their password
    made_at    TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    used_at    TEXT COLLATE "C"
);
CREATE INDEX account_codes_user ON account_codes (user_id, made_at);
-- The newest is the only one that opens anything.
CREATE UNIQUE INDEX account_codes_open ON account_codes (user_id) WHERE used_at IS NULL;

ALTER TABLE sessions ADD COLUMN used_at TEXT COLLATE "C"; -- to some minutes; NULL: not since it was opened
ALTER TABLE users ADD COLUMN invited_at TEXT COLLATE "C"; -- since when a first password is awaited; NULL: there is one
