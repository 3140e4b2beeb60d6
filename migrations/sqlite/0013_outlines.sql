-- What lists and maps draw of a part with many corners, and how far that may be off. NULL where the part is drawn as it is,
-- and until the program that comes with this migration has written it.

ALTER TABLE footprint_parts ADD COLUMN outline BLOB;     -- WKB
ALTER TABLE footprint_parts ADD COLUMN outline_m REAL;
CREATE INDEX footprint_parts_large ON footprint_parts (id) WHERE outline IS NULL AND length(geometry) > 8100;
