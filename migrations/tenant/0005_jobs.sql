-- Background jobs, the files they make, and the gauges of usage.

CREATE TABLE job (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    requested_by uuid REFERENCES app_user,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    attempt integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL DEFAULT 25,
    run_at timestamptz(3) NOT NULL DEFAULT now(),
    -- A running job belongs to the holder of the highest fence until the lease ends.
    fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz(3),
    leased_by text,
    progress_done bigint NOT NULL DEFAULT 0,
    progress_total bigint,
    result jsonb,
    error jsonb,
    dedupe_key text,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    started_at timestamptz(3),
    finished_at timestamptz(3),
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
);
CREATE INDEX job_due ON job (run_at, id) WHERE state = 'queued';
CREATE INDEX job_leased ON job (lease_until) WHERE state = 'running';
CREATE UNIQUE INDEX job_dedupe_key ON job (kind, dedupe_key) WHERE state IN ('queued', 'running');

-- Files in chunks of 256 KiB, so that neither side ever holds a whole one.
CREATE TABLE file (
    id uuid PRIMARY KEY,
    job_id uuid REFERENCES job ON DELETE CASCADE,
    name text NOT NULL,
    content_type text NOT NULL,
    bytes bigint NOT NULL DEFAULT 0,
    complete boolean NOT NULL DEFAULT false,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    expires_at timestamptz(3)
);
CREATE UNIQUE INDEX file_job ON file (job_id);
CREATE TABLE file_chunk (
    file_id uuid NOT NULL REFERENCES file ON DELETE CASCADE,
    number integer NOT NULL,
    data bytea NOT NULL CHECK (length(data) <= 262144),
    PRIMARY KEY (file_id, number)
);
-- Exports are compressed by nobody twice, and read in order.
ALTER TABLE file_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE VIEW usage_gauge (meter, label, value) AS
    SELECT 'users', '', count(*) FROM app_user WHERE deactivated_at IS NULL
    UNION ALL
    SELECT 'records', 'account', count(*) FROM account WHERE deleted_at IS NULL
    UNION ALL
    SELECT 'storage_bytes', '', coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
        WHERE relkind IN ('r', 'm') AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'account'::regclass);

DO $$
DECLARE app text := current_schema() || '_app';
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON job TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON file, file_chunk TO %I', app);
    EXECUTE format('GRANT SELECT ON usage_gauge TO %I', app);
    GRANT SELECT ON usage_gauge TO abetworks_meter;
END $$;
