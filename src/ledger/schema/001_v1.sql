-- SPDX-License-Identifier: MIT
-- Schema v1, token for token the one of the reference system. A new ledger starts here too, so that
-- the text of every object is the same however a ledger came to be.

CREATE TABLE artifact_jobs (
    job_id TEXT PRIMARY KEY,
    work_id TEXT NOT NULL,
    artifact_id TEXT NOT NULL,
    canonical_url TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'PLANNED',
    lease_owner TEXT,
    lease_until REAL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    idempotency_key TEXT NOT NULL,
    UNIQUE(work_id, artifact_id, canonical_url),
    UNIQUE(idempotency_key),
    CHECK (state IN ('PLANNED','LEASED','HEAD_DONE','RESUME_OK','STREAMING',
                     'FINALIZED','INDEXED','DEDUPED','FAILED','SKIPPED_DUPLICATE'))
);

CREATE INDEX idx_artifact_jobs_state ON artifact_jobs(state);
CREATE INDEX idx_artifact_jobs_lease ON artifact_jobs(lease_until, state);
CREATE UNIQUE INDEX idx_artifact_jobs_idempotency ON artifact_jobs(idempotency_key);

CREATE TABLE artifact_ops (
    op_key TEXT PRIMARY KEY,
    job_id TEXT NOT NULL,
    op_type TEXT NOT NULL,
    started_at REAL NOT NULL,
    finished_at REAL,
    result_code TEXT,
    result_json TEXT,
    FOREIGN KEY(job_id) REFERENCES artifact_jobs(job_id) ON DELETE CASCADE
);

CREATE INDEX idx_artifact_ops_job ON artifact_ops(job_id);
CREATE INDEX idx_artifact_ops_type ON artifact_ops(op_type);

CREATE TABLE IF NOT EXISTS __schema_version__ (
    schema_version INTEGER PRIMARY KEY,
    updated_at REAL
);
