-- Backups that were tried: how old the last whole one is, and why one failed.
CREATE TABLE backups (
    id          BLOB PRIMARY KEY,
    target      TEXT NOT NULL,                    -- where it is, without secrets
    began_at    TEXT NOT NULL,
    ended_at    TEXT,                             -- NULL: under way, or broken off with its process
    error       TEXT,
    bytes       INTEGER NOT NULL DEFAULT 0,       -- of the whole set
    sent_bytes  INTEGER NOT NULL DEFAULT 0,       -- of what was not there yet
    photos      INTEGER NOT NULL DEFAULT 0,
    lost_photos INTEGER NOT NULL DEFAULT 0        -- lost or damaged before
) STRICT;
CREATE INDEX backups_began ON backups (began_at, id);

-- By it the pieces of encrypted backups are named, so that a name says nothing about what is in the piece.
CREATE TABLE backup_key (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    name_key TEXT NOT NULL
) STRICT;
