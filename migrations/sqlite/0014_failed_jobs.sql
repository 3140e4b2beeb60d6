-- Jobs that were given up are counted for every page that an administrator opens, and looked for when the same work is done.

CREATE INDEX jobs_failed ON jobs (kind, subject_id) WHERE failed_at IS NOT NULL;
