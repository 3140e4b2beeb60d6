-- Judges in an order, so that of two programs at one database the earlier one does not undo what the later one judged.

CREATE TABLE judges (
    number      BIGINT PRIMARY KEY,              -- the greatest is the one that counts
    rules       BIGINT NOT NULL,                 -- the version of the rules in its code
    fingerprint TEXT COLLATE "C" NOT NULL,                   -- SHA-256 of rules, weights and settings
    began_at    TEXT COLLATE "C" NOT NULL
);
-- Until now the change log told which one was at work, not its rules.
INSERT INTO judges (number, rules, fingerprint, began_at)
    SELECT 1, 0, note, at FROM change_log WHERE entity = 'judge' AND note IS NOT NULL ORDER BY seq DESC LIMIT 1;

ALTER TABLE pairs ADD COLUMN judge BIGINT NOT NULL DEFAULT 0; -- the number of who judged; 0: not known
ALTER TABLE jobs ADD COLUMN judge BIGINT NOT NULL DEFAULT 0; -- whose judge has this number or a greater one may do it
