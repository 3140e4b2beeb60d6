-- The order of the queue and the likeliest pairs of a finding come from an index, whatever the queue and the finding hold.

ALTER TABLE findings ADD COLUMN queue_rank INTEGER NOT NULL DEFAULT 2; -- of the severity: alerts first, then reviews, then notes
UPDATE findings SET queue_rank = CASE severity WHEN 'alert' THEN 0 WHEN 'review' THEN 1 ELSE 2 END;
DROP INDEX findings_queue;
CREATE INDEX findings_queue ON findings (state, queue_rank, rupiah DESC, id);

ALTER TABLE finding_pairs ADD COLUMN probability REAL NOT NULL DEFAULT 0; -- of the pair, kept with it
UPDATE finding_pairs SET probability = (SELECT r.probability FROM pairs r WHERE r.id = finding_pairs.pair_id);
CREATE INDEX finding_pairs_likeliest ON finding_pairs (finding_id, probability DESC, pair_id);

ALTER TABLE pairs ADD COLUMN nearest BLOB; -- WKB LineString of two corners: where the footprints come nearest to each other
