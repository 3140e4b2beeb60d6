-- Which projects were screened: of one that never was, not all pairs are known, and findings made of some are not those of all.

CREATE TABLE screened (
    project_id UUID PRIMARY KEY REFERENCES projects (id)
);
INSERT INTO screened (project_id) SELECT id FROM projects;
