-- Files that people bring in the page to be imported, and what was found in them. Their bytes lie beside the photos.

CREATE TABLE uploads (
    id          BLOB PRIMARY KEY,                 -- made by the client
    by_id       BLOB NOT NULL REFERENCES users (id),
    file_name   TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('received', 'reading', 'checked', 'storing', 'stored', 'failed')),
    revision    INTEGER NOT NULL DEFAULT 1,       -- counts what was said of the file: what was found is of the last
    options     TEXT NOT NULL,                    -- JSON: what was said of the file
    keep_good   INTEGER NOT NULL DEFAULT 0,       -- as asked when it was to be stored
    overwrite   INTEGER NOT NULL DEFAULT 0,
    done        INTEGER NOT NULL DEFAULT 0,       -- bytes read, or rows stored,
    total       INTEGER NOT NULL DEFAULT 0,       -- of so many
    outcome     TEXT,                             -- JSON: what was found in it, what storing it brought
    problem     TEXT,                             -- JSON: why it failed
    created_at  TEXT NOT NULL,
    changed_at  TEXT NOT NULL
) STRICT;
CREATE INDEX uploads_of ON uploads (by_id, created_at, id);
CREATE INDEX uploads_waiting ON uploads (changed_at) WHERE state <> 'stored';

CREATE TABLE upload_lines (
    upload_id BLOB NOT NULL REFERENCES uploads (id),
    kind      TEXT NOT NULL CHECK (kind IN ('refused', 'unknown', 'kept', 'double')),
    number    INTEGER NOT NULL,                   -- their order, from 1
    line      TEXT NOT NULL,                      -- JSON
    PRIMARY KEY (upload_id, kind, number)
) STRICT;
