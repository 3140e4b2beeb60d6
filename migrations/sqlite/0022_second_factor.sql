-- The second factor of a sign-in: codes that a telephone shows (TOTP), and recovery codes for when it is lost.

CREATE TABLE second_factors (
    user_id   BLOB PRIMARY KEY REFERENCES users (id),
    secret    BLOB,                       -- 20 bytes; NULL: the first one was not confirmed yet
    pending   BLOB,                       -- the next secret, until a code of it was typed
    last_step INTEGER NOT NULL DEFAULT 0, -- of 30 s since 1970: the newest whose code was used; no code is used twice
    since     TEXT                        -- when the secret was confirmed
) STRICT;

CREATE TABLE recovery_codes (
    code_hash TEXT PRIMARY KEY,           -- SHA-256 of the code
    user_id   BLOB NOT NULL REFERENCES users (id),
    used_at   TEXT
) STRICT;
CREATE INDEX recovery_codes_user ON recovery_codes (user_id);
