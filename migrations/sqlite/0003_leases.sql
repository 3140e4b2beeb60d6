-- A lease names the process that holds it, a death is counted, and no clock that is set back delays a job.

ALTER TABLE jobs ADD COLUMN set_at TEXT NOT NULL DEFAULT ''; -- when run_at was set: ahead of the clock, the clock was set back
ALTER TABLE jobs ADD COLUMN owner BLOB; -- the process that has it in hand
ALTER TABLE jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0; -- leases that ended with nobody to say how
CREATE INDEX jobs_set ON jobs (set_at) WHERE failed_at IS NULL;
CREATE INDEX jobs_in_hand ON jobs (kind, subject_id) WHERE leased = 1;

-- One row, written to see whether a change can be kept.
CREATE TABLE readiness (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  TEXT NOT NULL
) STRICT;
