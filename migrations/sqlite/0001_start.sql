-- The same numbers, names, columns and order as migrations/postgres. STRICT makes SQLite refuse a value of the wrong type.
-- uuid = 16 bytes; moments = text of fixed width in UTC (2026-01-02T03:04:05.000006Z); days = YYYY-MM-DD; geometry = WKB, WGS 84 lon/lat.

-- People ---------------------------------------------------------------------------------------------------------

CREATE TABLE users (
    id            BLOB PRIMARY KEY,
    login         TEXT NOT NULL UNIQUE,           -- lower case
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('officer', 'village_head', 'inspector', 'administrator')),
    email         TEXT,
    password_hash TEXT NOT NULL,                  -- argon2id, PHC string
    region_code   TEXT,                           -- what this person sees; NULL is everything
    language      TEXT NOT NULL CHECK (language IN ('id', 'en')),
    demo          INTEGER NOT NULL DEFAULT 0,         -- made with the sample data, password shown on the sign-in page
    created_at    TEXT NOT NULL,
    disabled_at   TEXT
) STRICT;

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,                  -- SHA-256 of the cookie: the table gives nobody a session
    user_id    BLOB NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Regions: an identity, and dated versions of code, name and boundary ----------------------------------------------

CREATE TABLE regions (
    id         BLOB PRIMARY KEY,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE region_versions (
    id         BLOB PRIMARY KEY,
    region_id  BLOB NOT NULL REFERENCES regions (id),
    level      TEXT NOT NULL CHECK (level IN ('province', 'regency', 'district', 'village')),
    code       TEXT NOT NULL,                     -- Kemendagri, dotted
    bps_code   TEXT,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,                     -- folded in Rust: lower() differs between engines
    kind       TEXT NOT NULL,                     -- desa, kelurahan, region
    parent_id  BLOB REFERENCES regions (id),
    valid_from TEXT NOT NULL,
    valid_to   TEXT,                              -- the day it ended; NULL is today's
    boundary   BLOB,                             -- WKB MultiPolygon; NULL above the village
    centre_lon REAL,
    centre_lat REAL,
    schematic  INTEGER NOT NULL DEFAULT 0,            -- drawn around the centre, not a border
    UNIQUE (region_id, valid_from)
) STRICT;
CREATE UNIQUE INDEX region_versions_now ON region_versions (region_id) WHERE valid_to IS NULL;
CREATE UNIQUE INDEX region_versions_code ON region_versions (code) WHERE valid_to IS NULL;

CREATE VIEW villages_now AS
    SELECT v.region_id AS id, v.code AS code, v.name AS name, v.name_key AS name_key, v.kind AS kind,
           COALESCE(d.name, '') AS district, COALESCE(r.name, '') AS regency,
           v.centre_lon AS centre_lon, v.centre_lat AS centre_lat, v.schematic AS schematic, v.boundary AS boundary
    FROM region_versions v
    LEFT JOIN region_versions d ON d.region_id = v.parent_id AND d.valid_to IS NULL
    LEFT JOIN region_versions r ON r.region_id = d.parent_id AND r.valid_to IS NULL
    WHERE v.level = 'village' AND v.valid_to IS NULL;

-- Imports ----------------------------------------------------------------------------------------------------------

CREATE TABLE imports (
    id           BLOB PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('projects', 'villages')),
    source       TEXT NOT NULL,
    file_name    TEXT NOT NULL,
    file_sha256  TEXT NOT NULL,
    started_at   TEXT NOT NULL,
    finished_at  TEXT,                            -- NULL: under way, or killed and to be continued
    rows_new     INTEGER NOT NULL DEFAULT 0,
    rows_changed INTEGER NOT NULL DEFAULT 0,
    rows_same    INTEGER NOT NULL DEFAULT 0,
    rows_refused INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX imports_open ON imports (source, file_sha256) WHERE finished_at IS NULL;

CREATE TABLE import_chunks (
    id        BLOB PRIMARY KEY,
    import_id BLOB NOT NULL REFERENCES imports (id),
    number    INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    stored_at TEXT NOT NULL,
    UNIQUE (import_id, number)
) STRICT;

-- Projects ---------------------------------------------------------------------------------------------------------

CREATE TABLE executors (
    id       BLOB PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE programmes (
    id       BLOB PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE agreements (                          -- cost sharing between villages or offices (BKAD)
    id       BLOB PRIMARY KEY,
    name     TEXT NOT NULL,                       -- its number
    name_key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE projects (
    id                BLOB PRIMARY KEY,
    public_id         TEXT NOT NULL UNIQUE,       -- what a project board shows
    title             TEXT NOT NULL,
    title_key         TEXT NOT NULL,
    village_id        BLOB NOT NULL REFERENCES regions (id),
    activity_code     TEXT,
    fiscal_year       INTEGER NOT NULL,
    status            TEXT NOT NULL CHECK (status IN ('proposed', 'planned', 'approved', 'running', 'finished',
                                                       'handed_over', 'halted', 'cancelled', 'tender_failed')),
    authority         TEXT CHECK (authority IN ('village', 'works_office', 'ministry')),
    budget_rupiah     INTEGER CHECK (budget_rupiah >= 0),
    executor_id       BLOB REFERENCES executors (id),
    programme_id      BLOB REFERENCES programmes (id),
    agreement_id      BLOB REFERENCES agreements (id),
    hamlet            TEXT,
    rt                TEXT,
    rw                TEXT,
    start_on          TEXT,
    finish_on         TEXT,
    volume            REAL,
    volume_unit       TEXT,
    sensitivity       TEXT NOT NULL CHECK (sensitivity IN ('open', 'hamlet')),
    continues_id      BLOB REFERENCES projects (id),
    merged_into_id    BLOB REFERENCES projects (id),
    withdrawn_at      TEXT,
    footprint_version INTEGER NOT NULL DEFAULT 0,     -- 0: no footprint yet
    percent           REAL,                       -- of the latest report by its day
    registered_at     TEXT NOT NULL,
    registered_by     BLOB REFERENCES users (id),
    registered_digest TEXT,                       -- of the body that registered it: the same again is the same answer
    updated_at        TEXT NOT NULL,
    row_version       INTEGER NOT NULL DEFAULT 1,
    CHECK (merged_into_id IS NULL OR merged_into_id <> id)
) STRICT;
CREATE INDEX projects_village ON projects (village_id, updated_at, id);
CREATE INDEX projects_recent ON projects (updated_at, id);
CREATE INDEX projects_year ON projects (fiscal_year, updated_at, id);
CREATE INDEX projects_merged ON projects (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- Names of persons live apart from titles, so that what the public sees can leave them out.
CREATE TABLE project_people (
    project_id BLOB NOT NULL REFERENCES projects (id),
    part       TEXT NOT NULL CHECK (part IN ('owner')),
    name       TEXT NOT NULL,
    PRIMARY KEY (project_id, part)
) STRICT;

CREATE TABLE project_references (
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    project_id  BLOB NOT NULL REFERENCES projects (id),
    cells       TEXT NOT NULL,                    -- JSON: each imported field as the file last had it
    PRIMARY KEY (source, external_id)
) STRICT;
CREATE INDEX project_references_project ON project_references (project_id);

CREATE TABLE footprints (
    id         BLOB PRIMARY KEY,
    project_id BLOB NOT NULL REFERENCES projects (id),
    version    INTEGER NOT NULL,
    how        TEXT NOT NULL CHECK (how IN ('gps', 'walked', 'map', 'typed', 'import', 'office', 'exif')),
    made_at    TEXT NOT NULL,
    made_by    BLOB REFERENCES users (id),
    reason     TEXT,
    west       REAL NOT NULL,
    south      REAL NOT NULL,
    east       REAL NOT NULL,
    north      REAL NOT NULL,
    UNIQUE (project_id, version)
) STRICT;

CREATE TABLE footprint_parts (
    id           BLOB PRIMARY KEY,
    footprint_id BLOB NOT NULL REFERENCES footprints (id),
    number       INTEGER NOT NULL,                    -- from 1
    label        TEXT,
    accuracy_m   REAL NOT NULL,
    geometry     BLOB NOT NULL,                  -- WKB Point, LineString or Polygon
    UNIQUE (footprint_id, number)
) STRICT;

CREATE TABLE funding_lines (
    id                BLOB PRIMARY KEY,
    project_id        BLOB NOT NULL REFERENCES projects (id),
    number            INTEGER NOT NULL,
    fund              TEXT NOT NULL,
    amount_rupiah     INTEGER CHECK (amount_rupiah >= 0),
    budget_line       TEXT,
    contract_number   TEXT,
    footprint_version INTEGER,                        -- the version that the segment is measured on
    segment_part      INTEGER,
    segment_from_m    REAL,
    segment_to_m      REAL,
    UNIQUE (project_id, number)
) STRICT;

CREATE TABLE photo_marks (                         -- declared by a file: text, or a digest
    project_id BLOB NOT NULL REFERENCES projects (id),
    mark       TEXT NOT NULL,
    PRIMARY KEY (project_id, mark)
) STRICT;
CREATE INDEX photo_marks_mark ON photo_marks (mark);

-- Progress and photos ----------------------------------------------------------------------------------------------

CREATE TABLE progress_reports (
    id          BLOB PRIMARY KEY,                 -- made by the phone: the same again is the same report
    project_id  BLOB NOT NULL REFERENCES projects (id),
    reported_on TEXT NOT NULL,
    percent     REAL NOT NULL CHECK (percent >= 0 AND percent <= 100),
    stage       TEXT,
    note        TEXT,
    reported_by BLOB REFERENCES users (id),
    received_at TEXT NOT NULL,
    body_digest TEXT NOT NULL
) STRICT;
CREATE INDEX progress_reports_project ON progress_reports (project_id, reported_on, id);

CREATE TABLE stored_files (
    sha256     TEXT PRIMARY KEY,
    bytes      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    stored_at  TEXT NOT NULL,
    erased_at  TEXT                               -- the law made us erase the bytes: hash and tombstone stay
) STRICT;

CREATE TABLE photos (
    id                 BLOB PRIMARY KEY,          -- made by the phone
    report_id          BLOB NOT NULL REFERENCES progress_reports (id),
    position           INTEGER NOT NULL,
    announced_bytes    INTEGER NOT NULL,
    station            TEXT,
    sha256             TEXT REFERENCES stored_files (sha256), -- NULL until the bytes are on disk
    received_at        TEXT,
    capture_lon        REAL,                      -- what the phone said as the picture was taken
    capture_lat        REAL,
    capture_accuracy_m REAL,
    capture_heading    REAL,
    capture_at         TEXT,
    exif_lon           REAL,                      -- what the file says: a second witness
    exif_lat           REAL,
    exif_at            TEXT,
    exif_camera        TEXT,
    state              TEXT NOT NULL CHECK (state IN ('waiting', 'preparing', 'ready', 'failed')),
    error              TEXT,
    UNIQUE (report_id, position)
) STRICT;
CREATE INDEX photos_file ON photos (sha256);

-- Pairs, findings, messages ----------------------------------------------------------------------------------------

CREATE TABLE pairs (
    id              BLOB PRIMARY KEY,
    a_id            BLOB NOT NULL REFERENCES projects (id),
    b_id            BLOB NOT NULL REFERENCES projects (id),
    kind            TEXT NOT NULL,
    probability     REAL NOT NULL,
    band            TEXT NOT NULL CHECK (band IN ('alert', 'review', 'silent')),
    cross_border    INTEGER NOT NULL,
    distance_m      REAL,
    shared_m        REAL,
    shared          BLOB,                        -- WKB MultiLineString: the metres that both claim
    evidence        TEXT NOT NULL,                -- JSON: names, levels, values, bits; sentences are made from it
    facts_digest    TEXT NOT NULL,                -- of the facts that the verdict rests on
    weights_version TEXT NOT NULL,
    judged_at       TEXT NOT NULL,
    UNIQUE (a_id, b_id),
    CHECK (a_id < b_id)
) STRICT;
CREATE INDEX pairs_b ON pairs (b_id);

CREATE TABLE findings (
    id             BLOB PRIMARY KEY,
    kind           TEXT NOT NULL,
    dedup_key      TEXT NOT NULL UNIQUE,
    severity       TEXT NOT NULL CHECK (severity IN ('alert', 'review', 'note')),
    state          TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    closed_because TEXT,
    rupiah         INTEGER NOT NULL,                  -- money at stake
    details        TEXT NOT NULL,                 -- JSON: evidence of findings that are not about a pair
    round          INTEGER NOT NULL,                  -- how often it was opened: each time is told once
    opened_at      TEXT NOT NULL,
    updated_at     TEXT NOT NULL
) STRICT;
CREATE INDEX findings_queue ON findings (state, severity, rupiah, id);

CREATE TABLE finding_members (
    finding_id  BLOB NOT NULL REFERENCES findings (id),
    number      INTEGER NOT NULL,
    project_id  BLOB REFERENCES projects (id),
    village_id  BLOB REFERENCES regions (id),
    photo_id    BLOB REFERENCES photos (id),
    PRIMARY KEY (finding_id, number),
    CHECK (project_id IS NOT NULL OR village_id IS NOT NULL OR photo_id IS NOT NULL)
) STRICT;
CREATE INDEX finding_members_project ON finding_members (project_id);

CREATE TABLE finding_pairs (
    finding_id BLOB NOT NULL REFERENCES findings (id),
    pair_id    BLOB NOT NULL REFERENCES pairs (id),
    PRIMARY KEY (finding_id, pair_id)
) STRICT;
CREATE INDEX finding_pairs_pair ON finding_pairs (pair_id);

CREATE TABLE messages (
    id         BLOB PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,              -- the Message-ID header, fixed before the first try
    recipient  TEXT NOT NULL,                     -- address
    user_id    BLOB REFERENCES users (id),
    language   TEXT NOT NULL,
    subject    TEXT NOT NULL,
    text       TEXT NOT NULL,
    html       TEXT NOT NULL,
    eml        BLOB NOT NULL,                    -- what is sent, to the byte, at every try
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'outbox', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    created_at TEXT NOT NULL,
    sent_at    TEXT
) STRICT;
CREATE INDEX messages_recent ON messages (created_at, id);

CREATE TABLE message_findings (
    message_id BLOB NOT NULL REFERENCES messages (id),
    finding_id BLOB NOT NULL REFERENCES findings (id),
    round      INTEGER NOT NULL,
    recipient  TEXT NOT NULL,
    number     INTEGER NOT NULL,
    PRIMARY KEY (recipient, finding_id, round)     -- nobody is told the same thing twice
) STRICT;
CREATE INDEX message_findings_message ON message_findings (message_id, number);
CREATE INDEX message_findings_finding ON message_findings (finding_id);

-- The change log and the jobs --------------------------------------------------------------------------------------

-- Ordered by commit: appended by the last statements of a transaction, under a lock that lasts to its end.
CREATE TABLE change_log (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    at        TEXT NOT NULL,
    entity    TEXT NOT NULL,                      -- project, region, report, finding, user
    entity_id BLOB NOT NULL,
    action    TEXT NOT NULL,
    actor_id  BLOB,
    batch_id  BLOB,                               -- the import chunk that made it
    note      TEXT,                               -- a person's reason
    before    TEXT                                -- JSON: what undo puts back
) STRICT;
CREATE INDEX change_log_entity ON change_log (entity_id, seq);
CREATE INDEX change_log_batch ON change_log (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE jobs (
    id           BLOB PRIMARY KEY,
    kind         TEXT NOT NULL,
    subject_id   BLOB NOT NULL,                   -- ids only, never a copy of the row
    created_at   TEXT NOT NULL,
    run_at       TEXT NOT NULL,                   -- due time; while claimed, the end of the lease
    attempts     INTEGER NOT NULL DEFAULT 0,
    leased       INTEGER NOT NULL DEFAULT 0,
    failed_at    TEXT,                            -- set when we give up: stays visible
    last_error   TEXT
) STRICT;
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE failed_at IS NULL;
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, subject_id) WHERE attempts = 0 AND failed_at IS NULL;
