-- Answers to requests with an Idempotency-Key: the same again is answered from here, for at least 24 hours.

CREATE TABLE kept_answers (
    key     TEXT PRIMARY KEY,                     -- hash of the person and the key that they sent
    sent    TEXT NOT NULL,                        -- digest of the request
    status  INTEGER NOT NULL,
    body    BLOB NOT NULL,                        -- JSON, sealed with the key that the person sent: a one-time code is readable in no copy of this
    kept_at TEXT NOT NULL
) STRICT;
CREATE INDEX kept_answers_kept_at ON kept_answers (kept_at);

-- The key by which the marks of the event stream are sealed: a number of the change log would tell how much others change.
CREATE TABLE event_seal (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    secret BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;
