-- What was said and decided about findings, and who is told of it. What is older than this table is told to nobody.

CREATE TABLE finding_acts (
    id         BLOB PRIMARY KEY,
    finding_id BLOB NOT NULL REFERENCES findings (id),
    kind       TEXT NOT NULL CHECK (kind IN ('comment', 'decision', 'taken_back')),
    about_id   BLOB NOT NULL,                     -- the comment, or the decision that was made or taken back
    by_id      BLOB NOT NULL REFERENCES users (id),
    at         TEXT NOT NULL,
    addressed  INTEGER NOT NULL DEFAULT 0,        -- those concerned were looked up
    UNIQUE (kind, about_id)
) STRICT;
CREATE INDEX finding_acts_waiting ON finding_acts (at, id) WHERE addressed = 0;
CREATE INDEX finding_acts_finding ON finding_acts (finding_id);

CREATE TABLE act_recipients (
    recipient    TEXT NOT NULL,                   -- address
    act_id       BLOB NOT NULL REFERENCES finding_acts (id),
    recipient_id BLOB NOT NULL,                   -- the subject of the job that writes the message
    settled      INTEGER NOT NULL DEFAULT 0,      -- told, or there is nothing to tell any more
    message_id   BLOB REFERENCES messages (id),   -- the message that told it
    PRIMARY KEY (recipient, act_id)               -- nobody is told the same thing twice
) STRICT;
CREATE INDEX act_recipients_waiting ON act_recipients (recipient_id) WHERE settled = 0;
CREATE INDEX act_recipients_message ON act_recipients (message_id) WHERE message_id IS NOT NULL;
