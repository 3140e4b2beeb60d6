-- Files that people bring in the page to be imported, and what was found in them. Their bytes lie beside the photos.

CREATE TABLE uploads (
    id          UUID PRIMARY KEY,                 -- made by the client
    by_id       UUID NOT NULL REFERENCES users (id),
    file_name   TEXT COLLATE "C" NOT NULL,
    bytes       BIGINT NOT NULL,
    sha256      TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('received', 'reading', 'checked', 'storing', 'stored', 'failed')),
    revision    BIGINT NOT NULL DEFAULT 1,        -- counts what was said of the file: what was found is of the last
    options     TEXT COLLATE "C" NOT NULL,                    -- JSON: what was said of the file
    keep_good   BIGINT NOT NULL DEFAULT 0,        -- as asked when it was to be stored
    overwrite   BIGINT NOT NULL DEFAULT 0,
    done        BIGINT NOT NULL DEFAULT 0,        -- bytes read, or rows stored,
    total       BIGINT NOT NULL DEFAULT 0,        -- of so many
    outcome     TEXT COLLATE "C",                             -- JSON: what was found in it, what storing it brought
    problem     TEXT COLLATE "C",                             -- JSON: why it failed
    created_at  TEXT COLLATE "C" NOT NULL,
    changed_at  TEXT COLLATE "C" NOT NULL
);
CREATE INDEX uploads_of ON uploads (by_id, created_at, id);
CREATE INDEX uploads_waiting ON uploads (changed_at) WHERE state <> 'stored';

CREATE TABLE upload_lines (
    upload_id UUID NOT NULL REFERENCES uploads (id),
    kind      TEXT COLLATE "C" NOT NULL CHECK (kind IN ('refused', 'unknown', 'kept', 'double')),
    number    BIGINT NOT NULL,                   -- their order, from 1
    line      TEXT COLLATE "C" NOT NULL,                      -- JSON
    PRIMARY KEY (upload_id, kind, number)
);
