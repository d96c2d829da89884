-- SPDX-License-Identifier: MIT
-- Schema v2. Columns are only added, with defaults, so that programs of v1 go on reading and writing.

-- Who may have it, and what is wanted.
ALTER TABLE artifact_jobs ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE artifact_jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0);
ALTER TABLE artifact_jobs ADD COLUMN max_attempts INTEGER;
ALTER TABLE artifact_jobs ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0);
ALTER TABLE artifact_jobs ADD COLUMN next_attempt_at REAL NOT NULL DEFAULT 0 CHECK (next_attempt_at >= 0);
ALTER TABLE artifact_jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE artifact_jobs ADD COLUMN hold TEXT CHECK (hold IN ('PAUSED','CANCELLED'));
ALTER TABLE artifact_jobs ADD COLUMN generation INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0);
ALTER TABLE artifact_jobs ADD COLUMN done_at REAL;
ALTER TABLE artifact_jobs ADD COLUMN removed_at REAL;
ALTER TABLE artifact_jobs ADD COLUMN host TEXT;
ALTER TABLE artifact_jobs ADD COLUMN error_code TEXT;
ALTER TABLE artifact_jobs ADD COLUMN error_detail TEXT;

-- What was asked for, and what came of it.
ALTER TABLE artifact_jobs ADD COLUMN source_url TEXT;
ALTER TABLE artifact_jobs ADD COLUMN root_id INTEGER;
ALTER TABLE artifact_jobs ADD COLUMN file_name TEXT;
ALTER TABLE artifact_jobs ADD COLUMN final_path TEXT;
ALTER TABLE artifact_jobs ADD COLUMN expected_digest TEXT;
ALTER TABLE artifact_jobs ADD COLUMN expect_type TEXT;
ALTER TABLE artifact_jobs ADD COLUMN segments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE artifact_jobs ADD COLUMN rate_limit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE artifact_jobs ADD COLUMN bytes_total INTEGER;
ALTER TABLE artifact_jobs ADD COLUMN bytes_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE artifact_jobs ADD COLUMN sha256 TEXT;
ALTER TABLE artifact_jobs ADD COLUMN content_type TEXT;
ALTER TABLE artifact_jobs ADD COLUMN verification TEXT;
ALTER TABLE artifact_jobs ADD COLUMN batch_id TEXT;
ALTER TABLE artifact_jobs ADD COLUMN row_sum INTEGER;

ALTER TABLE artifact_ops ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
ALTER TABLE artifact_ops ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE artifact_ops ADD COLUMN owner TEXT;
ALTER TABLE artifact_ops ADD COLUMN phase TEXT CHECK (phase IN ('INTENT','DONE','FAILED','ABANDONED'));
ALTER TABLE artifact_ops ADD COLUMN intent_json TEXT;
ALTER TABLE artifact_ops ADD COLUMN result_sum INTEGER;

-- Prefixed, because the reference's repair drops every table whose name is LIKE 'artifact_%'.
CREATE TABLE ingather_meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE ingather_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    breaking INTEGER NOT NULL,
    app_version TEXT NOT NULL,
    applied_at REAL NOT NULL,
    backup TEXT
);

CREATE TABLE ingather_owners (
    owner TEXT PRIMARY KEY,
    program TEXT NOT NULL,
    started_at REAL NOT NULL
);

CREATE TABLE ingather_events (
    seq INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    job_id TEXT,
    op_key TEXT,
    op_type TEXT,
    attempt INTEGER,
    fence INTEGER,
    owner TEXT,
    event TEXT NOT NULL,
    code TEXT,
    detail TEXT
);

CREATE TABLE ingather_parts (
    job_id TEXT PRIMARY KEY,
    root_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    size INTEGER,
    durable_length INTEGER NOT NULL DEFAULT 0 CHECK (durable_length >= 0),
    ranges_json TEXT,
    updated_at REAL NOT NULL,
    FOREIGN KEY(job_id) REFERENCES artifact_jobs(job_id) ON DELETE CASCADE
);

CREATE TABLE ingather_roots (
    root_id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    volume_id TEXT,
    label TEXT,
    created_at REAL NOT NULL
);

CREATE TABLE ingather_hashes (
    sha256 TEXT NOT NULL,
    root_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    verified_at REAL NOT NULL,
    PRIMARY KEY (sha256, root_id, path)
);

CREATE TABLE ingather_urls (
    job_id TEXT NOT NULL,
    rank INTEGER NOT NULL,
    url TEXT NOT NULL,
    origin TEXT,
    tried_at REAL,
    error_code TEXT,
    PRIMARY KEY (job_id, rank),
    FOREIGN KEY(job_id) REFERENCES artifact_jobs(job_id) ON DELETE CASCADE
);

CREATE TABLE ingather_hosts (
    host TEXT PRIMARY KEY,
    failures INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    error_code TEXT,
    accepts_ranges INTEGER,
    updated_at REAL NOT NULL
);

CREATE TABLE ingather_batches (
    batch_id TEXT PRIMARY KEY,
    label TEXT,
    source TEXT,
    created_at REAL NOT NULL
);

CREATE TABLE ingather_salvage (
    salvage_id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    row_json TEXT NOT NULL,
    reason TEXT NOT NULL,
    salvaged_at REAL NOT NULL
);

-- How many jobs there are of each kind, so that a sidebar never counts a million rows.
-- kind: REMOVED, DONE (finished or failed for good), HELD, OPEN; the first that fits.
CREATE TABLE ingather_counts (
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    jobs INTEGER NOT NULL,
    PRIMARY KEY (state, kind)
) WITHOUT ROWID;

-- Rows that v1 had finished carry no path and no hash: done, and recorded elsewhere.
UPDATE artifact_jobs
    SET done_at = updated_at, verification = 'legacy'
    WHERE state IN ('FINALIZED','INDEXED','DEDUPED','SKIPPED_DUPLICATE');

INSERT INTO ingather_counts(state, kind, jobs)
    SELECT state, CASE WHEN done_at IS NOT NULL THEN 'DONE' ELSE 'OPEN' END AS kind, count(*)
    FROM artifact_jobs GROUP BY state, kind;

-- The claim repeats the WHERE of ready word for word; anything else makes SQLite sort.
CREATE INDEX ingather_ready ON artifact_jobs(priority DESC, created_at)
    WHERE lease_owner IS NULL AND next_attempt_at = 0 AND done_at IS NULL AND hold IS NULL
      AND removed_at IS NULL AND state NOT IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE');
CREATE INDEX ingather_by_host ON artifact_jobs(host)
    WHERE lease_owner IS NULL AND next_attempt_at = 0 AND done_at IS NULL AND hold IS NULL
      AND removed_at IS NULL AND state NOT IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE');
CREATE INDEX ingather_lease ON artifact_jobs(lease_until) WHERE lease_owner IS NOT NULL;
CREATE INDEX ingather_backoff ON artifact_jobs(next_attempt_at)
    WHERE next_attempt_at > 0 AND done_at IS NULL;
CREATE INDEX ingather_changed ON artifact_jobs(updated_at);
CREATE INDEX ingather_added ON artifact_jobs(created_at);
CREATE UNIQUE INDEX ingather_names ON artifact_jobs(root_id, final_path) WHERE final_path IS NOT NULL;
CREATE INDEX ingather_held_urls ON artifact_jobs(canonical_url)
    WHERE final_path IS NOT NULL AND done_at IS NOT NULL;
CREATE INDEX ingather_open_ops ON artifact_ops(job_id) WHERE finished_at IS NULL;
CREATE INDEX ingather_events_of_job ON ingather_events(job_id);

-- Our own statements set done_at themselves; where it is missing, a program of v1 has finished the job.
-- It knows no path and no hash either, and the sum over the row no longer fits.
CREATE TRIGGER ingather_done_by_update AFTER UPDATE OF state ON artifact_jobs
    WHEN NEW.done_at IS NULL
     AND (NEW.state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE')
          OR (NEW.state = 'FINALIZED' AND NEW.final_path IS NULL AND NEW.sha256 IS NULL))
BEGIN
    UPDATE artifact_jobs
        SET done_at = NEW.updated_at,
            verification = CASE WHEN final_path IS NULL AND sha256 IS NULL THEN 'legacy' ELSE verification END,
            row_sum = CASE WHEN final_path IS NULL AND sha256 IS NULL THEN NULL ELSE row_sum END
        WHERE job_id = NEW.job_id;
END;

CREATE TRIGGER ingather_done_by_insert AFTER INSERT ON artifact_jobs
    WHEN NEW.done_at IS NULL AND NEW.state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE')
BEGIN
    UPDATE artifact_jobs SET done_at = NEW.updated_at, verification = 'legacy', row_sum = NULL
        WHERE job_id = NEW.job_id;
END;

CREATE TRIGGER ingather_count_insert AFTER INSERT ON artifact_jobs
BEGIN
    INSERT INTO ingather_counts(state, kind, jobs)
        VALUES (NEW.state,
                CASE WHEN NEW.removed_at IS NOT NULL THEN 'REMOVED' WHEN NEW.done_at IS NOT NULL THEN 'DONE'
                     WHEN NEW.hold IS NOT NULL THEN 'HELD' ELSE 'OPEN' END, 1)
        ON CONFLICT(state, kind) DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER ingather_count_delete AFTER DELETE ON artifact_jobs
BEGIN
    INSERT INTO ingather_counts(state, kind, jobs)
        VALUES (OLD.state,
                CASE WHEN OLD.removed_at IS NOT NULL THEN 'REMOVED' WHEN OLD.done_at IS NOT NULL THEN 'DONE'
                     WHEN OLD.hold IS NOT NULL THEN 'HELD' ELSE 'OPEN' END, -1)
        ON CONFLICT(state, kind) DO UPDATE SET jobs = jobs - 1;
END;

CREATE TRIGGER ingather_count_update AFTER UPDATE OF state, hold, done_at, removed_at ON artifact_jobs
    WHEN OLD.state <> NEW.state OR (OLD.hold IS NULL) <> (NEW.hold IS NULL)
      OR (OLD.done_at IS NULL) <> (NEW.done_at IS NULL) OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL)
BEGIN
    INSERT INTO ingather_counts(state, kind, jobs)
        VALUES (OLD.state,
                CASE WHEN OLD.removed_at IS NOT NULL THEN 'REMOVED' WHEN OLD.done_at IS NOT NULL THEN 'DONE'
                     WHEN OLD.hold IS NOT NULL THEN 'HELD' ELSE 'OPEN' END, -1)
        ON CONFLICT(state, kind) DO UPDATE SET jobs = jobs - 1;
    INSERT INTO ingather_counts(state, kind, jobs)
        VALUES (NEW.state,
                CASE WHEN NEW.removed_at IS NOT NULL THEN 'REMOVED' WHEN NEW.done_at IS NOT NULL THEN 'DONE'
                     WHEN NEW.hold IS NOT NULL THEN 'HELD' ELSE 'OPEN' END, 1)
        ON CONFLICT(state, kind) DO UPDATE SET jobs = jobs + 1;
END;

INSERT INTO ingather_meta(key, value) VALUES ('epoch', '1');
INSERT INTO ingather_meta(key, value) VALUES ('install_id', lower(hex(randomblob(16))));
INSERT INTO ingather_meta(key, value) VALUES ('clean_shutdown', '0');
