-- How many records there are, counted as they come and go: the plan's limit is asked for at each new one. A row for each
-- of 16 shares of the connections, so that writers do not wait for each other; only the sum means something.
CREATE TABLE record_count (shard integer PRIMARY KEY, used bigint NOT NULL) WITH (fillfactor = 50);
-- Who is near the limit holds it alone.
CREATE TABLE record_limit (one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO record_limit DEFAULT VALUES;

DO $$
DECLARE
    app text := current_schema() || '_app';
    path text := format('pg_catalog, %I, extensions, pg_temp', current_schema());
    object text;
BEGIN
    EXECUTE format($f$
        CREATE FUNCTION count_new_records() RETURNS trigger LANGUAGE plpgsql SET search_path = %s AS $b$
        BEGIN
            UPDATE record_count SET used = used + (SELECT count(*) FROM made WHERE deleted_at IS NULL)
                WHERE shard = pg_backend_pid() %% 16;
            RETURN NULL;
        END $b$ $f$, path);
    EXECUTE format($f$
        CREATE FUNCTION count_record() RETURNS trigger LANGUAGE plpgsql SET search_path = %s AS $b$
        BEGIN
            UPDATE record_count SET used = used + TG_ARGV[0]::bigint WHERE shard = pg_backend_pid() %% 16;
            RETURN NULL;
        END $b$ $f$, path);
    REVOKE ALL ON FUNCTION count_new_records(), count_record() FROM PUBLIC;
    EXECUTE format('GRANT SELECT, UPDATE ON record_count, record_limit TO %I', app);
    FOREACH object IN ARRAY ARRAY['account', 'contact', 'lead', 'opportunity', 'task', 'note'] LOOP
        EXECUTE format('CREATE TRIGGER records_made AFTER INSERT ON %I REFERENCING NEW TABLE AS made
                        FOR EACH STATEMENT EXECUTE FUNCTION count_new_records()', object);
        EXECUTE format('CREATE TRIGGER record_trashed AFTER UPDATE OF deleted_at ON %I FOR EACH ROW
                        WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
                        EXECUTE FUNCTION count_record(''-1'')', object);
        EXECUTE format('CREATE TRIGGER record_restored AFTER UPDATE OF deleted_at ON %I FOR EACH ROW
                        WHEN (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL)
                        EXECUTE FUNCTION count_record(''1'')', object);
        EXECUTE format('CREATE TRIGGER record_removed AFTER DELETE ON %I FOR EACH ROW
                        WHEN (OLD.deleted_at IS NULL) EXECUTE FUNCTION count_record(''-1'')', object);
    END LOOP;
END $$;
INSERT INTO record_count SELECT shard, 0 FROM generate_series(0, 15) AS shard;
UPDATE record_count SET used = (SELECT coalesce(sum(value), 0) FROM usage_gauge WHERE meter = 'records') WHERE shard = 0;
