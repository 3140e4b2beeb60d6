-- Answers to requests with an Idempotency-Key: the same again is answered from here, for at least 24 hours.

CREATE TABLE kept_answers (
    key     TEXT COLLATE "C" PRIMARY KEY,                     -- hash of the person and the key that they sent
    sent    TEXT COLLATE "C" NOT NULL,                        -- digest of the request
    status  BIGINT NOT NULL,
    body    BYTEA NOT NULL,                       -- JSON, sealed with the key that the person sent: a one-time code is readable in no copy of this
    kept_at TEXT COLLATE "C" NOT NULL
);
CREATE INDEX kept_answers_kept_at ON kept_answers (kept_at);

-- The key by which the marks of the event stream are sealed: a number of the change log would tell how much others change.
CREATE TABLE event_seal (
    one    BIGINT PRIMARY KEY CHECK (one = 1),
    secret BYTEA NOT NULL CHECK (length(secret) = 32)
);
