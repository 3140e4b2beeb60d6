-- Guessing passwords is slowed whatever process is asked and however often it starts; sessions can be told apart.

-- Wrong passwords. What was typed as a name may be a password: only its hash is kept.
CREATE TABLE sign_in_failures (
    lane       TEXT PRIMARY KEY,                  -- SHA-256 of whose they are: an account, an address, both together, a device
    failures   INTEGER NOT NULL,                  -- those not yet forgiven at failed_at
    failed_at  TEXT NOT NULL,
    wait_until TEXT NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_at ON sign_in_failures (failed_at);

-- From where somebody signed in with the right password: what others do to the account does not hold them up there.
CREATE TABLE sign_in_places (
    user_id BLOB NOT NULL REFERENCES users (id),
    kind    TEXT NOT NULL CHECK (kind IN ('address', 'device')),
    place   TEXT NOT NULL,                        -- SHA-256
    seen_at TEXT NOT NULL,
    PRIMARY KEY (user_id, kind, place)
) STRICT;
CREATE INDEX sign_in_places_seen ON sign_in_places (seen_at);

ALTER TABLE sessions ADD COLUMN address TEXT; -- where it was opened from, shown to its owner alone
ALTER TABLE sessions ADD COLUMN agent TEXT; -- the browser as it names itself
CREATE INDEX sessions_user ON sessions (user_id, created_at);
