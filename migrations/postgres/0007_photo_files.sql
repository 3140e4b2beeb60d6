-- What was found out about the files of photos.

ALTER TABLE stored_files ADD COLUMN fault TEXT COLLATE "C" CHECK (fault IN ('lost', 'damaged')); -- found when it was read; NULL: none known
ALTER TABLE stored_files ADD COLUMN fault_at TEXT COLLATE "C";

CREATE TABLE derivatives (
    sha256 TEXT COLLATE "C" NOT NULL REFERENCES stored_files (sha256), -- of the original
    size   TEXT COLLATE "C" NOT NULL CHECK (size IN ('thumb', 'screen')),
    digest TEXT COLLATE "C" NOT NULL,                                  -- SHA-256 of the small picture's own bytes
    PRIMARY KEY (sha256, size)
);
