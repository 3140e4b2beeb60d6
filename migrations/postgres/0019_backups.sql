-- Backups that were tried: how old the last whole one is, and why one failed.
CREATE TABLE backups (
    id          UUID PRIMARY KEY,
    target      TEXT COLLATE "C" NOT NULL,        -- where it is, without secrets
    began_at    TEXT COLLATE "C" NOT NULL,
    ended_at    TEXT COLLATE "C",                 -- NULL: under way, or broken off with its process
    error       TEXT COLLATE "C",
    bytes       BIGINT NOT NULL DEFAULT 0,        -- of the whole set
    sent_bytes  BIGINT NOT NULL DEFAULT 0,        -- of what was not there yet
    photos      BIGINT NOT NULL DEFAULT 0,
    lost_photos BIGINT NOT NULL DEFAULT 0         -- lost or damaged before
);
CREATE INDEX backups_began ON backups (began_at, id);

-- By it the pieces of encrypted backups are named, so that a name says nothing about what is in the piece.
CREATE TABLE backup_key (
    one      BIGINT PRIMARY KEY CHECK (one = 1),
    name_key TEXT COLLATE "C" NOT NULL
);
