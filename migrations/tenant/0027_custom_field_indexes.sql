-- Indexes of custom fields hold owner and team as well: who sees a part of the records walks a list in the field's order
-- without reading those of others. Indexes that were made before serve on; the field's next one has them.

-- An index serves from everyone's next request on once its request is answered: in the same transaction, as with fields.
CREATE TRIGGER registry_epoch AFTER UPDATE OF state ON index_request
    FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_epoch();

-- What makes an index of a field: its name and its statement. One place for both ways, under a lock and concurrently.
CREATE FUNCTION custom_field_indexes(field_object text, field_column text, field_type text, purpose text, concurrent boolean)
RETURNS TABLE (index_name text, statement text) LANGUAGE plpgsql AS $$
DECLARE
    folds boolean := field_type IN ('text', 'email', 'phone');
    key text := format(CASE WHEN field_type = 'currency' THEN '%I_base' ELSE '%I' END, field_column);
    folded text := format('lower(%I COLLATE "und-x-icu")', field_column);
    how text := CASE WHEN concurrent THEN 'CONCURRENTLY IF NOT EXISTS ' ELSE '' END;
    -- Records that hang on others have neither.
    held text := CASE WHEN (SELECT count(*) FROM pg_attribute WHERE attrelid = format('%I', field_object)::regclass
                                AND attname IN ('owner_id', 'team_id')) = 2
                      THEN ' INCLUDE (owner_id, team_id)' ELSE '' END;
BEGIN
    PERFORM custom_field_check(field_object, field_column);
    IF (CASE purpose
        WHEN 'order' THEN field_type IN ('text', 'email', 'phone', 'pick', 'integer', 'decimal', 'currency', 'percent',
                                         'date', 'date_time', 'boolean', 'user', 'relation')
        WHEN 'unique' THEN field_type IN ('text', 'email', 'phone', 'integer', 'decimal', 'date', 'date_time', 'user',
                                          'relation')
    END) IS NOT TRUE THEN
        RAISE EXCEPTION 'no such index on this type' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    index_name := field_object || '_' || field_column;
    IF purpose = 'unique' THEN
        index_name := index_name || '_key';
        statement := format('CREATE UNIQUE INDEX %s%I ON %I (%s) WHERE deleted_at IS NULL',
                            how, index_name, field_object, CASE WHEN folds THEN '(' || folded || ')' ELSE key END);
        RETURN NEXT;
        RETURN;
    END IF;
    -- As the standard fields have them: one in the order of pages, of texts one for filters, which compare lower case.
    statement := format('CREATE INDEX %s%I ON %I (%s, updated_at DESC, id)%s WHERE deleted_at IS NULL',
                        how, index_name, field_object, key, held);
    RETURN NEXT;
    IF folds THEN
        index_name := index_name || '_folded';
        statement := format('CREATE INDEX %s%I ON %I (%s text_pattern_ops, updated_at DESC, id) WHERE deleted_at IS NULL',
                            how, index_name, field_object, folded);
        RETURN NEXT;
    END IF;
END $$;

-- Makes or drops what serves a field's order and filters ('order') or keeps its values apart ('unique').
-- Gives false where the table has too many rows to keep writers out for so long, which is what `index_request` is for.
CREATE OR REPLACE FUNCTION custom_field_set_index(field_object text, field_column text, field_type text, purpose text,
                                                  wanted boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    most CONSTANT integer := 12;
    -- Who changes a record waits as long as the index is built (measured: 250 ms at 100,000 rows, under load).
    most_rows CONSTANT integer := 50000;
    made record;
    number integer;
    few boolean;
BEGIN
    PERFORM custom_field_check(field_object, field_column);
    IF NOT wanted THEN
        FOR made IN SELECT * FROM custom_field_indexes(field_object, field_column, field_type, purpose, false) LOOP
            EXECUTE format('DROP INDEX IF EXISTS %I', made.index_name);
        END LOOP;
        RETURN true;
    END IF;
    -- Before the lock: nobody waits while rows are counted, and a few more or less change nothing.
    EXECUTE format('SELECT count(*) <= %s FROM (SELECT FROM %I LIMIT %s) AS counted', most_rows, field_object, most_rows + 1)
        INTO few;
    -- As much as building an index wants, and of its own kind one at a time, so that the count below holds.
    EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', field_object);
    SELECT count(*) INTO number FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid
        WHERE pg_index.indrelid = format('%I', field_object)::regclass
            AND pg_class.relname ~ ('^' || field_object || '_c_[0-9a-f]{8}(_key)?$');
    IF number >= most THEN
        RAISE EXCEPTION '% has % indexes of custom fields', field_object, number USING ERRCODE = 'program_limit_exceeded';
    END IF;
    IF NOT few THEN
        RETURN false;
    END IF;
    FOR made IN SELECT * FROM custom_field_indexes(field_object, field_column, field_type, purpose, false) LOOP
        EXECUTE made.statement;
    END LOOP;
    RETURN true;
END $$;

DO $$
DECLARE
    set_index text := 'custom_field_set_index(text, text, text, text, boolean)';
BEGIN
    -- Replacing a function drops its settings. Names mean what they mean here, whoever calls; a lock that is not to be had
    -- at once is given up; and one process builds in place (measured at 100,000 rows: 70 ms, with two more 130).
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, extensions, pg_temp', set_index, current_schema());
    EXECUTE format('ALTER FUNCTION %s SET lock_timeout = ''20ms''', set_index);
    EXECUTE format('ALTER FUNCTION %s SET max_parallel_maintenance_workers = 0', set_index);
    REVOKE ALL ON FUNCTION custom_field_indexes(text, text, text, text, boolean) FROM PUBLIC;
END $$;
