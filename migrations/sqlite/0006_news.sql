-- What each recipient of mails knows of a finding: what comes again is no news.

CREATE TABLE message_members (
    recipient  TEXT NOT NULL,
    finding_id BLOB NOT NULL REFERENCES findings (id),
    project_id BLOB NOT NULL REFERENCES projects (id),
    PRIMARY KEY (recipient, finding_id, project_id)
) STRICT;
INSERT INTO message_members (recipient, finding_id, project_id)
    SELECT DISTINCT f.recipient, f.finding_id, m.project_id FROM message_findings f
    JOIN finding_members m ON m.finding_id = f.finding_id AND m.project_id IS NOT NULL;

-- The round in which the facts of a finding changed after it had been closed for them: that is news to everybody.
ALTER TABLE findings ADD COLUMN facts_round INTEGER NOT NULL DEFAULT 0;
