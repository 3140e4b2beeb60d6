-- The audit chain: one entry for each change, decision and reading of personal data, in the order of commits and without gaps.
-- hash = SHA-256 of the previous hash and of the entry as canonical JSON (RFC 8785), see docs/decisions/016-audit-chain.md.

CREATE TABLE audit (
    number    INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    entity    TEXT NOT NULL,
    entity_id BLOB NOT NULL,
    action    TEXT NOT NULL,
    who       TEXT NOT NULL,                      -- canonical JSON; a network address as a digest
    changes   TEXT NOT NULL,                      -- canonical JSON: field → [before, after]; personal values as digests
    reason    TEXT,                               -- a digest of what a person wrote
    previous  TEXT NOT NULL,                      -- the hash of the entry before, hex; zeros for the first
    hash      TEXT NOT NULL
) STRICT;
CREATE INDEX audit_entity ON audit (entity_id, number);

-- What the digests of the chain stand for. A row may be deleted, as law may ask for: the chain holds its digest alone.
CREATE TABLE audit_values (
    digest   TEXT PRIMARY KEY,                    -- HMAC-SHA-256 of the value under its key, hex
    number   INTEGER NOT NULL,                    -- the entry that it is part of
    about_id BLOB NOT NULL,                       -- whose it is: what the entry is about, or the person whose address it is
    key      TEXT NOT NULL,                       -- 256 random bits of this value alone, hex
    value    TEXT NOT NULL                        -- canonical JSON
) STRICT;
CREATE INDEX audit_values_number ON audit_values (number);
CREATE INDEX audit_values_about ON audit_values (about_id);

CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE number >= NEW.number)
    OR NEW.previous <> COALESCE((SELECT hash FROM audit WHERE number = NEW.number - 1),
        CASE NEW.number WHEN 1 THEN printf('%064d', 0) ELSE '' END)
BEGIN
    SELECT RAISE(ABORT, 'the audit chain goes on behind its last entry alone');
END;
CREATE TRIGGER audit_not_updated BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit chain cannot be changed');
END;
CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit chain cannot be deleted');
END;
CREATE TRIGGER audit_values_not_updated BEFORE UPDATE ON audit_values
BEGIN
    SELECT RAISE(ABORT, 'a value of the audit chain cannot be changed');
END;
-- REPLACE would delete without asking a trigger.
CREATE TRIGGER audit_values_not_replaced BEFORE INSERT ON audit_values
WHEN EXISTS (SELECT 1 FROM audit_values WHERE digest = NEW.digest)
BEGIN
    SELECT RAISE(ABORT, 'a value of the audit chain cannot be changed');
END;

-- The entry of the chain that covers this one; NULL before the chain began.
ALTER TABLE change_log ADD COLUMN audit INTEGER;
