-- The audit chain: one entry for each change, decision and reading of personal data, in the order of commits and without gaps.
-- hash = SHA-256 of the previous hash and of the entry as canonical JSON (RFC 8785), see docs/decisions/016-audit-chain.md.

CREATE TABLE audit (
    number    BIGINT PRIMARY KEY,
    at        TEXT COLLATE "C" NOT NULL,
    entity    TEXT COLLATE "C" NOT NULL,
    entity_id UUID NOT NULL,
    action    TEXT COLLATE "C" NOT NULL,
    who       TEXT COLLATE "C" NOT NULL,          -- canonical JSON; a network address as a digest
    changes   TEXT COLLATE "C" NOT NULL,          -- canonical JSON: field → [before, after]; personal values as digests
    reason    TEXT COLLATE "C",                   -- a digest of what a person wrote
    previous  TEXT COLLATE "C" NOT NULL,          -- the hash of the entry before, hex; zeros for the first
    hash      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_entity ON audit (entity_id, number);

-- What the digests of the chain stand for. A row may be deleted, as law may ask for: the chain holds its digest alone.
CREATE TABLE audit_values (
    digest   TEXT COLLATE "C" PRIMARY KEY,        -- HMAC-SHA-256 of the value under its key, hex
    number   BIGINT NOT NULL,                     -- the entry that it is part of
    about_id UUID NOT NULL,                       -- whose it is: what the entry is about, or the person whose address it is
    key      TEXT COLLATE "C" NOT NULL,           -- 256 random bits of this value alone, hex
    value    TEXT COLLATE "C" NOT NULL            -- canonical JSON
);
CREATE INDEX audit_values_number ON audit_values (number);
CREATE INDEX audit_values_about ON audit_values (about_id);

CREATE FUNCTION audit_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit WHERE number >= NEW.number)
        OR NEW.previous <> COALESCE((SELECT hash FROM audit WHERE number = NEW.number - 1),
            CASE NEW.number WHEN 1 THEN repeat('0', 64) ELSE '' END)
    THEN
        RAISE EXCEPTION 'the audit chain goes on behind its last entry alone';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit chain refuses %', TG_OP;
END $$;
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_in_order();
CREATE TRIGGER audit_not_updated BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_not_truncated BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_values_not_updated BEFORE UPDATE ON audit_values FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_values_not_truncated BEFORE TRUNCATE ON audit_values
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();

-- The entry of the chain that covers this one; NULL before the chain began.
ALTER TABLE change_log ADD COLUMN audit BIGINT;
