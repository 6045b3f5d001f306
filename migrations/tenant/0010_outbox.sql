-- The relay of the outbox, its readers, and the seal on history.

-- Values are hashed with a salt of their own, so that emptying value and salt leaves a hash that tells nothing.
ALTER TABLE audit_entry
    ADD COLUMN salt bytea DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
ALTER TABLE record_change
    ADD COLUMN salt bytea DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
CREATE INDEX record_change_audit_entry_id ON record_change (audit_entry_id);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, at DESC, id DESC);
CREATE INDEX audit_entry_record ON audit_entry (object, record_id, at DESC, id DESC);

-- One row: which worker stamps events and seals history, and the highest position given.
CREATE TABLE relay (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    holder text,
    lease_until timestamptz(3) NOT NULL DEFAULT '-infinity',
    position bigint NOT NULL DEFAULT 0
);
INSERT INTO relay DEFAULT VALUES;

-- How far each reader of the outbox is.
CREATE TABLE event_reader (
    name text PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0,
    updated_at timestamptz(3) NOT NULL DEFAULT now()
);

-- A chain over the entries of the audit log with their changes: each digest covers the one before it. `value_hashes`
-- are those of the entry's details and of its changes in the order of their ids.
CREATE TABLE audit_seal (
    position bigint PRIMARY KEY,
    audit_entry_id uuid NOT NULL UNIQUE,
    value_hashes bytea[] NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    sealed_at timestamptz(3) NOT NULL DEFAULT now()
);

-- Entries that wait for their seal: like events, they are ordered after their commit.
CREATE TABLE audit_unsealed (audit_entry_id uuid PRIMARY KEY);
INSERT INTO audit_unsealed SELECT id FROM audit_entry;

DO $$
DECLARE
    app text := current_schema() || '_app';
    path text := format('pg_catalog, %I, extensions, pg_temp', current_schema());
BEGIN
    EXECUTE format($f$
        CREATE FUNCTION await_seal() RETURNS trigger LANGUAGE plpgsql SET search_path = %s AS $b$
        BEGIN
            INSERT INTO audit_unsealed VALUES (NEW.id);
            RETURN NULL;
        END $b$ $f$, path);
    CREATE TRIGGER await_seal AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION await_seal();

    -- Empties what history says of one record: the app has no other way to change it. An entry `<object>.erased`
    -- must stand in the audit log by the end of the transaction, or the verifier reports the record.
    EXECUTE format($f$
        CREATE FUNCTION erase_history(erased_object text, erased_id uuid) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = %s AS $b$
            UPDATE record_change SET changes = '{}', salt = NULL WHERE object = erased_object AND record_id = erased_id;
            UPDATE audit_entry SET details = '{}', salt = NULL WHERE object = erased_object AND record_id = erased_id;
            UPDATE event SET data = '{}' WHERE object = erased_object AND record_id = erased_id;
        $b$ $f$, path);
    REVOKE ALL ON FUNCTION await_seal(), erase_history(text, uuid) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION erase_history(text, uuid) TO %I', app);
    EXECUTE format('GRANT SELECT, UPDATE ON relay TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON event_reader TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT ON audit_seal TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON audit_unsealed TO %I', app);
END $$;
