-- What is written, after a write found no room, to see whether there is some again.

ALTER TABLE readiness ADD COLUMN filler TEXT COLLATE "C" NOT NULL DEFAULT '';
