-- One transactional history: who did something, what changed, and the event that says so.

CREATE TABLE audit_entry (
    id uuid PRIMARY KEY,
    at timestamptz(3) NOT NULL DEFAULT now(),
    actor_id uuid,
    actor_name text NOT NULL,
    on_behalf_of jsonb,
    action text NOT NULL,
    object text,
    record_id uuid,
    job_id uuid,
    request_id text,
    client_address text,
    user_agent text,
    details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entry_at ON audit_entry (at DESC, id);

CREATE TABLE record_change (
    id uuid PRIMARY KEY,
    audit_entry_id uuid NOT NULL REFERENCES audit_entry,
    at timestamptz(3) NOT NULL DEFAULT now(),
    object text NOT NULL,
    record_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('created', 'updated', 'deleted', 'restored')),
    version bigint NOT NULL,
    changes jsonb NOT NULL
);
CREATE INDEX record_change_record ON record_change (object, record_id, at DESC, id);

-- The outbox. `position` is stamped by the worker's relay after the commit: numbers that are given before it
-- arrive out of order, and readers that ask for `id > last` would lose events.
CREATE TABLE event (
    id uuid PRIMARY KEY,
    position bigint UNIQUE,
    at timestamptz(3) NOT NULL DEFAULT now(),
    type text NOT NULL,
    record_change_id uuid REFERENCES record_change,
    object text,
    record_id uuid,
    data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX event_unstamped ON event (at, id) WHERE position IS NULL;

DO $$
DECLARE app text := current_schema() || '_app';
BEGIN
    -- Append-only for the app: what happened cannot be taken back by who did it.
    EXECUTE format('GRANT SELECT, INSERT ON audit_entry, record_change TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON event TO %I', app);
END $$;
