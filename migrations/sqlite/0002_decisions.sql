-- Decisions on findings, what villages say to them, findings of several pairs, and summaries of floods.

ALTER TABLE pairs ADD COLUMN verdict_digest TEXT NOT NULL DEFAULT ''; -- of facts, weights and settings: judging again says the same
-- From here on pairs.facts_digest is of the facts alone: while it stays, a decision stands.

ALTER TABLE findings ADD COLUMN row_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE findings ADD COLUMN village_id BLOB REFERENCES regions (id); -- whose alert it counts as
ALTER TABLE findings ADD COLUMN summary_id BLOB REFERENCES findings (id); -- the finding that tells of it in one with others
CREATE INDEX findings_summary ON findings (summary_id) WHERE summary_id IS NOT NULL;
CREATE INDEX findings_day ON findings (village_id, opened_at) WHERE severity = 'alert';

-- One pair is told by one finding.
DROP INDEX finding_pairs_pair;
CREATE UNIQUE INDEX finding_pairs_pair ON finding_pairs (pair_id);

CREATE TABLE decisions (
    id            BLOB PRIMARY KEY,               -- made by the client: the same again is the same decision
    finding_id    BLOB NOT NULL REFERENCES findings (id),
    decision      TEXT NOT NULL CHECK (decision IN ('same_work', 'different_works', 'lawful_split', 'next_phase',
                                                    'upkeep', 'wrong_coordinate', 'need_visit')),
    reason        TEXT NOT NULL,
    decided_by    BLOB NOT NULL REFERENCES users (id),
    decided_at    TEXT NOT NULL,
    body_digest   TEXT NOT NULL,
    facts_digest  TEXT,                           -- of what a finding without pairs rests on
    kept_id       BLOB REFERENCES projects (id),  -- the record that the others were merged into
    taken_back_at TEXT,
    taken_back_by BLOB REFERENCES users (id)
) STRICT;
CREATE INDEX decisions_finding ON decisions (finding_id, decided_at);

CREATE TABLE decision_pairs (
    decision_id  BLOB NOT NULL REFERENCES decisions (id),
    pair_id      BLOB NOT NULL REFERENCES pairs (id),
    facts_digest TEXT NOT NULL,                   -- the decision stands while the pair has this one
    seen         TEXT NOT NULL,                   -- JSON: the facts of both and the verdict, as they were decided on
    PRIMARY KEY (decision_id, pair_id)
) STRICT;
CREATE INDEX decision_pairs_pair ON decision_pairs (pair_id);

CREATE TABLE finding_comments (
    id          BLOB PRIMARY KEY,                 -- made by the client
    finding_id  BLOB NOT NULL REFERENCES findings (id),
    answers_id  BLOB REFERENCES finding_comments (id),
    text        TEXT NOT NULL,
    written_by  BLOB NOT NULL REFERENCES users (id),
    written_at  TEXT NOT NULL,
    body_digest TEXT NOT NULL
) STRICT;
CREATE INDEX finding_comments_finding ON finding_comments (finding_id, written_at);
