-- Rights belong to posts, which people hold for a time: a successor goes on where the one before stopped.

CREATE TABLE posts (
    id         BLOB PRIMARY KEY,
    name       TEXT,                              -- what the office calls it; NULL: role and region name it
    created_at TEXT NOT NULL,
    closed_at  TEXT                               -- it gives no rights any more
) STRICT;

CREATE TABLE post_grants (
    post_id     BLOB NOT NULL REFERENCES posts (id),
    role        TEXT NOT NULL CHECK (role IN ('officer', 'village_secretary', 'village_head', 'district_officer',
                                              'inspector', 'administrator')),
    region_code TEXT NOT NULL,                    -- with all below it; '' is the country
    PRIMARY KEY (post_id, role, region_code),
    CHECK (region_code <> '' OR role = 'administrator')
) STRICT;
CREATE INDEX post_grants_region ON post_grants (region_code, post_id);

CREATE TABLE post_holders (
    id         BLOB PRIMARY KEY,
    post_id    BLOB NOT NULL REFERENCES posts (id),
    user_id    BLOB NOT NULL REFERENCES users (id),
    capacity   TEXT NOT NULL CHECK (capacity IN ('holder', 'acting', 'substitute')),
    held_from  TEXT NOT NULL,
    held_until TEXT,                              -- the first moment at which it is held no more; NULL: no end is known
    only_acts  TEXT,                              -- of a substitute: the acts that were handed over, with spaces between; NULL: all
    named_by   BLOB REFERENCES users (id),        -- NULL: at the server's terminal, or before posts were kept
    named_at   TEXT NOT NULL,
    CHECK (held_until IS NULL OR held_until >= held_from),
    CHECK (capacity <> 'substitute' OR held_until IS NOT NULL),
    CHECK (capacity = 'substitute' OR only_acts IS NULL)
) STRICT;
CREATE INDEX post_holders_user ON post_holders (user_id, held_from);
CREATE INDEX post_holders_post ON post_holders (post_id, held_from);
-- One without an end at a time; those with one are compared by who names them, one after another.
CREATE UNIQUE INDEX post_holders_open ON post_holders (post_id) WHERE capacity <> 'substitute' AND held_until IS NULL;

-- Until now each person had one role in one region: that is their post.
INSERT INTO posts (id, name, created_at) SELECT id, NULL, created_at FROM users
    WHERE role = 'administrator' OR region_code IS NOT NULL;
INSERT INTO post_grants (post_id, role, region_code) SELECT id, role, COALESCE(region_code, '') FROM users
    WHERE role = 'administrator' OR region_code IS NOT NULL;
INSERT INTO post_holders (id, post_id, user_id, capacity, held_from, named_at)
    SELECT id, id, id, 'holder', created_at, created_at FROM users
    WHERE role = 'administrator' OR region_code IS NOT NULL;

-- By which post something was said or decided: later the person may hold another one.
ALTER TABLE finding_comments ADD COLUMN by_role TEXT;
ALTER TABLE finding_comments ADD COLUMN by_region TEXT; -- NULL: the country
ALTER TABLE finding_comments ADD COLUMN by_post BLOB REFERENCES posts (id);
ALTER TABLE finding_acts ADD COLUMN by_role TEXT;
ALTER TABLE finding_acts ADD COLUMN by_region TEXT;
ALTER TABLE finding_acts ADD COLUMN by_post BLOB REFERENCES posts (id);
ALTER TABLE decisions ADD COLUMN by_role TEXT;
ALTER TABLE decisions ADD COLUMN by_region TEXT;
ALTER TABLE decisions ADD COLUMN by_post BLOB REFERENCES posts (id);
UPDATE finding_comments SET by_role = (SELECT role FROM users WHERE id = written_by),
    by_region = (SELECT region_code FROM users WHERE id = written_by),
    by_post = (SELECT id FROM posts WHERE id = written_by);
UPDATE finding_acts SET by_role = (SELECT role FROM users WHERE id = by_id),
    by_region = (SELECT region_code FROM users WHERE id = by_id),
    by_post = (SELECT id FROM posts WHERE id = by_id);
UPDATE decisions SET by_role = (SELECT role FROM users WHERE id = decided_by),
    by_region = (SELECT region_code FROM users WHERE id = decided_by),
    by_post = (SELECT id FROM posts WHERE id = decided_by);

ALTER TABLE users DROP COLUMN role;
ALTER TABLE users DROP COLUMN region_code;
