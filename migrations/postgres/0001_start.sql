-- The same numbers, names, columns and order as migrations/sqlite. BIGINT everywhere (an INTEGER column does not decode
-- into i64) and COLLATE "C" wherever order or equality of text matters.
-- Moments = text of fixed width in UTC (2026-01-02T03:04:05.000006Z); days = YYYY-MM-DD; geometry = WKB, WGS 84 lon/lat.

-- People ---------------------------------------------------------------------------------------------------------

CREATE TABLE users (
    id            UUID PRIMARY KEY,
    login         TEXT COLLATE "C" NOT NULL UNIQUE,           -- lower case
    name          TEXT COLLATE "C" NOT NULL,
    role          TEXT COLLATE "C" NOT NULL CHECK (role IN ('officer', 'village_head', 'inspector', 'administrator')),
    email         TEXT COLLATE "C",
    password_hash TEXT COLLATE "C" NOT NULL,                  -- argon2id, PHC string
    region_code   TEXT COLLATE "C",                           -- what this person sees; NULL is everything
    language      TEXT COLLATE "C" NOT NULL CHECK (language IN ('id', 'en')),
    demo          BIGINT NOT NULL DEFAULT 0,         -- made with the sample data, password shown on the sign-in page
    created_at    TEXT COLLATE "C" NOT NULL,
    disabled_at   TEXT COLLATE "C"
);

CREATE TABLE sessions (
    token_hash TEXT COLLATE "C" PRIMARY KEY,                  -- SHA-256 of the cookie: the table gives nobody a session
    user_id    UUID NOT NULL REFERENCES users (id),
    created_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Regions: an identity, and dated versions of code, name and boundary ----------------------------------------------

CREATE TABLE regions (
    id         UUID PRIMARY KEY,
    created_at TEXT COLLATE "C" NOT NULL
);

CREATE TABLE region_versions (
    id         UUID PRIMARY KEY,
    region_id  UUID NOT NULL REFERENCES regions (id),
    level      TEXT COLLATE "C" NOT NULL CHECK (level IN ('province', 'regency', 'district', 'village')),
    code       TEXT COLLATE "C" NOT NULL,                     -- Kemendagri, dotted
    bps_code   TEXT COLLATE "C",
    name       TEXT COLLATE "C" NOT NULL,
    name_key   TEXT COLLATE "C" NOT NULL,                     -- folded in Rust: lower() differs between engines
    kind       TEXT COLLATE "C" NOT NULL,                     -- desa, kelurahan, region
    parent_id  UUID REFERENCES regions (id),
    valid_from TEXT COLLATE "C" NOT NULL,
    valid_to   TEXT COLLATE "C",                              -- the day it ended; NULL is today's
    boundary   BYTEA,                             -- WKB MultiPolygon; NULL above the village
    centre_lon DOUBLE PRECISION,
    centre_lat DOUBLE PRECISION,
    schematic  BIGINT NOT NULL DEFAULT 0,            -- drawn around the centre, not a border
    UNIQUE (region_id, valid_from)
);
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
    id           UUID PRIMARY KEY,
    kind         TEXT COLLATE "C" NOT NULL CHECK (kind IN ('projects', 'villages')),
    source       TEXT COLLATE "C" NOT NULL,
    file_name    TEXT COLLATE "C" NOT NULL,
    file_sha256  TEXT COLLATE "C" NOT NULL,
    started_at   TEXT COLLATE "C" NOT NULL,
    finished_at  TEXT COLLATE "C",                            -- NULL: under way, or killed and to be continued
    rows_new     BIGINT NOT NULL DEFAULT 0,
    rows_changed BIGINT NOT NULL DEFAULT 0,
    rows_same    BIGINT NOT NULL DEFAULT 0,
    rows_refused BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX imports_open ON imports (source, file_sha256) WHERE finished_at IS NULL;

CREATE TABLE import_chunks (
    id        UUID PRIMARY KEY,
    import_id UUID NOT NULL REFERENCES imports (id),
    number    BIGINT NOT NULL,
    rows      BIGINT NOT NULL,
    stored_at TEXT COLLATE "C" NOT NULL,
    UNIQUE (import_id, number)
);

-- Projects ---------------------------------------------------------------------------------------------------------

CREATE TABLE executors (
    id       UUID PRIMARY KEY,
    name     TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE programmes (
    id       UUID PRIMARY KEY,
    name     TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE agreements (                          -- cost sharing between villages or offices (BKAD)
    id       UUID PRIMARY KEY,
    name     TEXT COLLATE "C" NOT NULL,                       -- its number
    name_key TEXT COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE projects (
    id                UUID PRIMARY KEY,
    public_id         TEXT COLLATE "C" NOT NULL UNIQUE,       -- what a project board shows
    title             TEXT COLLATE "C" NOT NULL,
    title_key         TEXT COLLATE "C" NOT NULL,
    village_id        UUID NOT NULL REFERENCES regions (id),
    activity_code     TEXT COLLATE "C",
    fiscal_year       BIGINT NOT NULL,
    status            TEXT COLLATE "C" NOT NULL CHECK (status IN ('proposed', 'planned', 'approved', 'running', 'finished',
                                                       'handed_over', 'halted', 'cancelled', 'tender_failed')),
    authority         TEXT COLLATE "C" CHECK (authority IN ('village', 'works_office', 'ministry')),
    budget_rupiah     BIGINT CHECK (budget_rupiah >= 0),
    executor_id       UUID REFERENCES executors (id),
    programme_id      UUID REFERENCES programmes (id),
    agreement_id      UUID REFERENCES agreements (id),
    hamlet            TEXT COLLATE "C",
    rt                TEXT COLLATE "C",
    rw                TEXT COLLATE "C",
    start_on          TEXT COLLATE "C",
    finish_on         TEXT COLLATE "C",
    volume            DOUBLE PRECISION,
    volume_unit       TEXT COLLATE "C",
    sensitivity       TEXT COLLATE "C" NOT NULL CHECK (sensitivity IN ('open', 'hamlet')),
    continues_id      UUID REFERENCES projects (id),
    merged_into_id    UUID REFERENCES projects (id),
    withdrawn_at      TEXT COLLATE "C",
    footprint_version BIGINT NOT NULL DEFAULT 0,     -- 0: no footprint yet
    percent           DOUBLE PRECISION,                       -- of the latest report by its day
    registered_at     TEXT COLLATE "C" NOT NULL,
    registered_by     UUID REFERENCES users (id),
    registered_digest TEXT COLLATE "C",                       -- of the body that registered it: the same again is the same answer
    updated_at        TEXT COLLATE "C" NOT NULL,
    row_version       BIGINT NOT NULL DEFAULT 1,
    CHECK (merged_into_id IS NULL OR merged_into_id <> id)
);
CREATE INDEX projects_village ON projects (village_id, updated_at, id);
CREATE INDEX projects_recent ON projects (updated_at, id);
CREATE INDEX projects_year ON projects (fiscal_year, updated_at, id);
CREATE INDEX projects_merged ON projects (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- Names of persons live apart from titles, so that what the public sees can leave them out.
CREATE TABLE project_people (
    project_id UUID NOT NULL REFERENCES projects (id),
    part       TEXT COLLATE "C" NOT NULL CHECK (part IN ('owner')),
    name       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (project_id, part)
);

CREATE TABLE project_references (
    source      TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    project_id  UUID NOT NULL REFERENCES projects (id),
    cells       TEXT COLLATE "C" NOT NULL,                    -- JSON: each imported field as the file last had it
    PRIMARY KEY (source, external_id)
);
CREATE INDEX project_references_project ON project_references (project_id);

CREATE TABLE footprints (
    id         UUID PRIMARY KEY,
    project_id UUID NOT NULL REFERENCES projects (id),
    version    BIGINT NOT NULL,
    how        TEXT COLLATE "C" NOT NULL CHECK (how IN ('gps', 'walked', 'map', 'typed', 'import', 'office', 'exif')),
    made_at    TEXT COLLATE "C" NOT NULL,
    made_by    UUID REFERENCES users (id),
    reason     TEXT COLLATE "C",
    west       DOUBLE PRECISION NOT NULL,
    south      DOUBLE PRECISION NOT NULL,
    east       DOUBLE PRECISION NOT NULL,
    north      DOUBLE PRECISION NOT NULL,
    UNIQUE (project_id, version)
);

CREATE TABLE footprint_parts (
    id           UUID PRIMARY KEY,
    footprint_id UUID NOT NULL REFERENCES footprints (id),
    number       BIGINT NOT NULL,                    -- from 1
    label        TEXT COLLATE "C",
    accuracy_m   DOUBLE PRECISION NOT NULL,
    geometry     BYTEA NOT NULL,                  -- WKB Point, LineString or Polygon
    UNIQUE (footprint_id, number)
);

CREATE TABLE funding_lines (
    id                UUID PRIMARY KEY,
    project_id        UUID NOT NULL REFERENCES projects (id),
    number            BIGINT NOT NULL,
    fund              TEXT COLLATE "C" NOT NULL,
    amount_rupiah     BIGINT CHECK (amount_rupiah >= 0),
    budget_line       TEXT COLLATE "C",
    contract_number   TEXT COLLATE "C",
    footprint_version BIGINT,                        -- the version that the segment is measured on
    segment_part      BIGINT,
    segment_from_m    DOUBLE PRECISION,
    segment_to_m      DOUBLE PRECISION,
    UNIQUE (project_id, number)
);

CREATE TABLE photo_marks (                         -- declared by a file: text, or a digest
    project_id UUID NOT NULL REFERENCES projects (id),
    mark       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (project_id, mark)
);
CREATE INDEX photo_marks_mark ON photo_marks (mark);

-- Progress and photos ----------------------------------------------------------------------------------------------

CREATE TABLE progress_reports (
    id          UUID PRIMARY KEY,                 -- made by the phone: the same again is the same report
    project_id  UUID NOT NULL REFERENCES projects (id),
    reported_on TEXT COLLATE "C" NOT NULL,
    percent     DOUBLE PRECISION NOT NULL CHECK (percent >= 0 AND percent <= 100),
    stage       TEXT COLLATE "C",
    note        TEXT COLLATE "C",
    reported_by UUID REFERENCES users (id),
    received_at TEXT COLLATE "C" NOT NULL,
    body_digest TEXT COLLATE "C" NOT NULL
);
CREATE INDEX progress_reports_project ON progress_reports (project_id, reported_on, id);

CREATE TABLE stored_files (
    sha256     TEXT COLLATE "C" PRIMARY KEY,
    bytes      BIGINT NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    stored_at  TEXT COLLATE "C" NOT NULL,
    erased_at  TEXT COLLATE "C"                               -- the law made us erase the bytes: hash and tombstone stay
);

CREATE TABLE photos (
    id                 UUID PRIMARY KEY,          -- made by the phone
    report_id          UUID NOT NULL REFERENCES progress_reports (id),
    position           BIGINT NOT NULL,
    announced_bytes    BIGINT NOT NULL,
    station            TEXT COLLATE "C",
    sha256             TEXT COLLATE "C" REFERENCES stored_files (sha256), -- NULL until the bytes are on disk
    received_at        TEXT COLLATE "C",
    capture_lon        DOUBLE PRECISION,                      -- what the phone said as the picture was taken
    capture_lat        DOUBLE PRECISION,
    capture_accuracy_m DOUBLE PRECISION,
    capture_heading    DOUBLE PRECISION,
    capture_at         TEXT COLLATE "C",
    exif_lon           DOUBLE PRECISION,                      -- what the file says: a second witness
    exif_lat           DOUBLE PRECISION,
    exif_at            TEXT COLLATE "C",
    exif_camera        TEXT COLLATE "C",
    state              TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'preparing', 'ready', 'failed')),
    error              TEXT COLLATE "C",
    UNIQUE (report_id, position)
);
CREATE INDEX photos_file ON photos (sha256);

-- Pairs, findings, messages ----------------------------------------------------------------------------------------

CREATE TABLE pairs (
    id              UUID PRIMARY KEY,
    a_id            UUID NOT NULL REFERENCES projects (id),
    b_id            UUID NOT NULL REFERENCES projects (id),
    kind            TEXT COLLATE "C" NOT NULL,
    probability     DOUBLE PRECISION NOT NULL,
    band            TEXT COLLATE "C" NOT NULL CHECK (band IN ('alert', 'review', 'silent')),
    cross_border    BIGINT NOT NULL,
    distance_m      DOUBLE PRECISION,
    shared_m        DOUBLE PRECISION,
    shared          BYTEA,                        -- WKB MultiLineString: the metres that both claim
    evidence        TEXT COLLATE "C" NOT NULL,                -- JSON: names, levels, values, bits; sentences are made from it
    facts_digest    TEXT COLLATE "C" NOT NULL,                -- of the facts that the verdict rests on
    weights_version TEXT COLLATE "C" NOT NULL,
    judged_at       TEXT COLLATE "C" NOT NULL,
    UNIQUE (a_id, b_id),
    CHECK (a_id < b_id)
);
CREATE INDEX pairs_b ON pairs (b_id);

CREATE TABLE findings (
    id             UUID PRIMARY KEY,
    kind           TEXT COLLATE "C" NOT NULL,
    dedup_key      TEXT COLLATE "C" NOT NULL UNIQUE,
    severity       TEXT COLLATE "C" NOT NULL CHECK (severity IN ('alert', 'review', 'note')),
    state          TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'closed')),
    closed_because TEXT COLLATE "C",
    rupiah         BIGINT NOT NULL,                  -- money at stake
    details        TEXT COLLATE "C" NOT NULL,                 -- JSON: evidence of findings that are not about a pair
    round          BIGINT NOT NULL,                  -- how often it was opened: each time is told once
    opened_at      TEXT COLLATE "C" NOT NULL,
    updated_at     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX findings_queue ON findings (state, severity, rupiah, id);

CREATE TABLE finding_members (
    finding_id  UUID NOT NULL REFERENCES findings (id),
    number      BIGINT NOT NULL,
    project_id  UUID REFERENCES projects (id),
    village_id  UUID REFERENCES regions (id),
    photo_id    UUID REFERENCES photos (id),
    PRIMARY KEY (finding_id, number),
    CHECK (project_id IS NOT NULL OR village_id IS NOT NULL OR photo_id IS NOT NULL)
);
CREATE INDEX finding_members_project ON finding_members (project_id);

CREATE TABLE finding_pairs (
    finding_id UUID NOT NULL REFERENCES findings (id),
    pair_id    UUID NOT NULL REFERENCES pairs (id),
    PRIMARY KEY (finding_id, pair_id)
);
CREATE INDEX finding_pairs_pair ON finding_pairs (pair_id);

CREATE TABLE messages (
    id         UUID PRIMARY KEY,
    message_id TEXT COLLATE "C" NOT NULL UNIQUE,              -- the Message-ID header, fixed before the first try
    recipient  TEXT COLLATE "C" NOT NULL,                     -- address
    user_id    UUID REFERENCES users (id),
    language   TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    text       TEXT COLLATE "C" NOT NULL,
    html       TEXT COLLATE "C" NOT NULL,
    eml        BYTEA NOT NULL,                    -- what is sent, to the byte, at every try
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'outbox', 'failed')),
    attempts   BIGINT NOT NULL DEFAULT 0,
    last_error TEXT COLLATE "C",
    created_at TEXT COLLATE "C" NOT NULL,
    sent_at    TEXT COLLATE "C"
);
CREATE INDEX messages_recent ON messages (created_at, id);

CREATE TABLE message_findings (
    message_id UUID NOT NULL REFERENCES messages (id),
    finding_id UUID NOT NULL REFERENCES findings (id),
    round      BIGINT NOT NULL,
    recipient  TEXT COLLATE "C" NOT NULL,
    number     BIGINT NOT NULL,
    PRIMARY KEY (recipient, finding_id, round)     -- nobody is told the same thing twice
);
CREATE INDEX message_findings_message ON message_findings (message_id, number);
CREATE INDEX message_findings_finding ON message_findings (finding_id);

-- The change log and the jobs --------------------------------------------------------------------------------------

-- Ordered by commit: appended by the last statements of a transaction, under a lock that lasts to its end.
CREATE TABLE change_log (
    seq       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        TEXT COLLATE "C" NOT NULL,
    entity    TEXT COLLATE "C" NOT NULL,                      -- project, region, report, finding, user
    entity_id UUID NOT NULL,
    action    TEXT COLLATE "C" NOT NULL,
    actor_id  UUID,
    batch_id  UUID,                               -- the import chunk that made it
    note      TEXT COLLATE "C",                               -- a person's reason
    before    TEXT COLLATE "C"                                -- JSON: what undo puts back
);
CREATE INDEX change_log_entity ON change_log (entity_id, seq);
CREATE INDEX change_log_batch ON change_log (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE jobs (
    id           UUID PRIMARY KEY,
    kind         TEXT COLLATE "C" NOT NULL,
    subject_id   UUID NOT NULL,                   -- ids only, never a copy of the row
    created_at   TEXT COLLATE "C" NOT NULL,
    run_at       TEXT COLLATE "C" NOT NULL,                   -- due time; while claimed, the end of the lease
    attempts     BIGINT NOT NULL DEFAULT 0,
    leased       BIGINT NOT NULL DEFAULT 0,
    failed_at    TEXT COLLATE "C",                            -- set when we give up: stays visible
    last_error   TEXT COLLATE "C"
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE failed_at IS NULL;
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, subject_id) WHERE attempts = 0 AND failed_at IS NULL;
