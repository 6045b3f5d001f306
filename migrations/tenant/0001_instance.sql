-- What the platform and this instance tell each other.

-- Written by the operator, read by the app.
CREATE TABLE instance_settings (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    generation bigint NOT NULL,
    display_name text NOT NULL,
    hostnames text[] NOT NULL,
    url text NOT NULL,
    state text NOT NULL CHECK (state IN ('Active', 'ReadOnly', 'Suspended')),
    reason jsonb,
    admin jsonb NOT NULL,
    limits jsonb NOT NULL DEFAULT '{}',
    features jsonb NOT NULL DEFAULT '{}',
    public_keys jsonb NOT NULL,
    updated_at timestamptz(3) NOT NULL DEFAULT now()
);

-- The data key under the platform's key-encryption key; the app has it from a Secret and reads none of this.
CREATE TABLE instance_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    wrapped bytea NOT NULL,
    nonce bytea NOT NULL,
    key_id text NOT NULL
);

-- Raised with what it names; caches are keyed by it.
CREATE TABLE epoch (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    registry bigint NOT NULL DEFAULT 1,
    permissions bigint NOT NULL DEFAULT 1,
    settings bigint NOT NULL DEFAULT 1
);
INSERT INTO epoch DEFAULT VALUES;

-- In the writer's transaction, whoever writes: nobody can change settings and forget the epoch.
CREATE FUNCTION raise_settings_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.epoch SET settings = settings + 1', TG_TABLE_SCHEMA);
    RETURN NULL;
END $$;
CREATE TRIGGER settings_epoch AFTER INSERT OR UPDATE OR DELETE ON instance_settings
    FOR EACH STATEMENT EXECUTE FUNCTION raise_settings_epoch();

-- Which life of this schema counts: replaced when it is restored or adopted, so that nothing counts twice.
CREATE TABLE usage_source (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    source_epoch uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO usage_source DEFAULT VALUES;

CREATE TABLE usage_counter (
    meter text NOT NULL,
    source_epoch uuid NOT NULL,
    value bigint NOT NULL CHECK (value >= 0),
    PRIMARY KEY (meter, source_epoch)
);

-- Indexes that are too large to build in place: asked for by the app, built by a migration Job.
CREATE TABLE index_request (
    id uuid PRIMARY KEY,
    object text NOT NULL,
    field_id text NOT NULL,
    requested_at timestamptz(3) NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'building', 'built', 'failed')),
    error text,
    finished_at timestamptz(3)
);

DO $$
DECLARE app text := current_schema() || '_app';
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, abetworks_meter', current_schema(), app);
    EXECUTE format('GRANT SELECT ON instance_settings, usage_source, schema_migration TO %I', app);
    EXECUTE format('GRANT SELECT, UPDATE ON epoch TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON usage_counter TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT ON index_request TO %I', app);
    GRANT SELECT ON usage_counter TO abetworks_meter;
    REVOKE ALL ON FUNCTION raise_settings_epoch() FROM PUBLIC;
END $$;
