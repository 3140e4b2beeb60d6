-- What was said and decided about findings, and who is told of it. What is older than this table is told to nobody.

CREATE TABLE finding_acts (
    id         UUID PRIMARY KEY,
    finding_id UUID NOT NULL REFERENCES findings (id),
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('comment', 'decision', 'taken_back')),
    about_id   UUID NOT NULL,                     -- the comment, or the decision that was made or taken back
    by_id      UUID NOT NULL REFERENCES users (id),
    at         TEXT COLLATE "C" NOT NULL,
    addressed  BIGINT NOT NULL DEFAULT 0,         -- those concerned were looked up
    UNIQUE (kind, about_id)
);
CREATE INDEX finding_acts_waiting ON finding_acts (at, id) WHERE addressed = 0;
CREATE INDEX finding_acts_finding ON finding_acts (finding_id);

CREATE TABLE act_recipients (
    recipient    TEXT COLLATE "C" NOT NULL,  -- address
    act_id       UUID NOT NULL REFERENCES finding_acts (id),
    recipient_id UUID NOT NULL,                   -- the subject of the job that writes the message
    settled      BIGINT NOT NULL DEFAULT 0,       -- told, or there is nothing to tell any more
    message_id   UUID REFERENCES messages (id),   -- the message that told it
    PRIMARY KEY (recipient, act_id)               -- nobody is told the same thing twice
);
CREATE INDEX act_recipients_waiting ON act_recipients (recipient_id) WHERE settled = 0;
CREATE INDEX act_recipients_message ON act_recipients (message_id) WHERE message_id IS NOT NULL;
