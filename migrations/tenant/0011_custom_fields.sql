-- Fields that admins add: real columns, made by functions of the owner. The app's role has no DDL.

-- Objects that take them; the migration of a new object adds a row.
CREATE TABLE custom_field_object (name text PRIMARY KEY);
INSERT INTO custom_field_object VALUES ('account'), ('contact'), ('lead'), ('opportunity'), ('task'), ('note');

-- `name` is chosen once, for people and programs; `column_name` is the engine's. Archived fields stay: their columns do.
CREATE TABLE custom_field (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    object text NOT NULL REFERENCES custom_field_object,
    name text NOT NULL CHECK (name ~ '^c_[a-z][a-z0-9_]{0,39}$'),
    column_name text NOT NULL CHECK (column_name ~ '^c_[0-9a-f]{8}$'),
    type text NOT NULL,
    label_en text NOT NULL,
    label_de text NOT NULL,
    help_en text,
    help_de text,
    required boolean NOT NULL DEFAULT false,
    is_unique boolean NOT NULL DEFAULT false,
    indexed boolean NOT NULL DEFAULT false,
    default_value jsonb NOT NULL DEFAULT 'null',
    options jsonb NOT NULL DEFAULT '[]',
    target text,
    scale smallint,
    section text NOT NULL,
    position integer NOT NULL,
    archived_at timestamptz(3),
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    CONSTRAINT custom_field_name UNIQUE (object, name),
    CONSTRAINT custom_field_column_name UNIQUE (object, column_name)
);

-- In the writer's transaction, whoever writes: nobody can change a field and forget the epoch.
CREATE FUNCTION raise_registry_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.epoch SET registry = registry + 1', TG_TABLE_SCHEMA);
    RETURN NULL;
END $$;
CREATE TRIGGER registry_epoch AFTER INSERT OR UPDATE OR DELETE ON custom_field
    FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_epoch();

-- Refuses names that are none of ours. They go into statements as identifiers.
CREATE FUNCTION custom_field_check(field_object text, field_column text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (EXISTS (SELECT FROM custom_field_object WHERE name = field_object)) IS NOT TRUE THEN
        RAISE EXCEPTION 'no object takes custom fields by this name' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF (field_column ~ '^c_[0-9a-f]{8}$') IS NOT TRUE THEN
        RAISE EXCEPTION 'not the column of a custom field' USING ERRCODE = 'invalid_parameter_value';
    END IF;
END $$;

-- Adds the column of a field whose row is written in the same transaction; of a currency three.
--
-- Columns are null at first and have no checks; a reference holds from now on (NOT VALID). Looking at the rows that are
-- there would keep readers out for as long as it takes.
CREATE FUNCTION custom_field_add_columns(field_object text, field_column text, field_type text, field_scale smallint,
                                         field_target text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    most_live CONSTANT integer := 100;
    most_made CONSTANT integer := 1000;
    sql_type text := CASE field_type
        WHEN 'text' THEN 'text COLLATE "und-x-icu"'
        WHEN 'email' THEN 'text COLLATE "und-x-icu"'
        WHEN 'phone' THEN 'text COLLATE "und-x-icu"'
        WHEN 'url' THEN 'text COLLATE "und-x-icu"'
        WHEN 'long_text' THEN 'text'
        WHEN 'pick' THEN 'text'
        WHEN 'multi_pick' THEN 'text[]'
        WHEN 'integer' THEN 'bigint'
        WHEN 'decimal' THEN CASE WHEN field_scale BETWEEN 0 AND 4 THEN 'numeric(19,' || field_scale || ')' END
        WHEN 'currency' THEN 'numeric(19,4)'
        WHEN 'percent' THEN 'numeric(19,2)'
        WHEN 'date' THEN 'date'
        WHEN 'date_time' THEN 'timestamptz(3)'
        WHEN 'boolean' THEN 'boolean'
        WHEN 'user' THEN 'uuid'
        WHEN 'relation' THEN 'uuid'
    END;
    number integer;
BEGIN
    PERFORM custom_field_check(field_object, field_column);
    IF field_type = 'relation' THEN
        PERFORM custom_field_check(field_target, field_column);
    END IF;
    IF sql_type IS NULL THEN
        RAISE EXCEPTION 'not a type of custom fields' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', field_object);
    -- Counted under the lock. Postgres never gives a column's number again: those of archived fields count as made.
    SELECT count(*) INTO number FROM custom_field WHERE object = field_object AND archived_at IS NULL;
    IF number > most_live THEN
        RAISE EXCEPTION '% has % live custom fields', field_object, number USING ERRCODE = 'program_limit_exceeded';
    END IF;
    SELECT count(*) INTO number FROM pg_attribute
        WHERE attrelid = format('%I', field_object)::regclass AND attname ~ '^c_[0-9a-f]{8}$';
    IF number >= most_made THEN
        RAISE EXCEPTION '% has had % custom fields', field_object, number USING ERRCODE = 'program_limit_exceeded';
    END IF;
    EXECUTE format('ALTER TABLE %I ADD COLUMN %I %s', field_object, field_column, sql_type);
    IF field_type = 'currency' THEN
        EXECUTE format('ALTER TABLE %I ADD COLUMN %I char(3), ADD COLUMN %I numeric(19,4)',
                       field_object, field_column || '_currency', field_column || '_base');
    ELSIF field_type = 'relation' THEN
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %I ON DELETE SET NULL NOT VALID',
                       field_object, field_object || '_' || field_column || '_fkey', field_column, field_target);
    END IF;
END $$;

-- Makes or drops what serves a field's order and filters ('order') or keeps its values apart ('unique').
-- Gives false where the table has too many rows for it, which is what `index_request` is for.
CREATE FUNCTION custom_field_set_index(field_object text, field_column text, field_type text, purpose text, wanted boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    most CONSTANT integer := 12;
    most_rows CONSTANT integer := 200000;
    folds boolean := field_type IN ('text', 'email', 'phone');
    index_name text := field_object || '_' || field_column || CASE purpose WHEN 'unique' THEN '_key' ELSE '' END;
    key text := format(CASE WHEN field_type = 'currency' THEN '%I_base' ELSE '%I' END, field_column);
    folded text := format('lower(%I COLLATE "und-x-icu")', field_column);
    number integer;
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
    IF NOT wanted THEN
        EXECUTE format('DROP INDEX IF EXISTS %I', index_name);
        IF purpose = 'order' THEN
            EXECUTE format('DROP INDEX IF EXISTS %I', index_name || '_folded');
        END IF;
        RETURN true;
    END IF;
    -- As much as building an index wants, and of its own kind one at a time, so that the count below holds.
    EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', field_object);
    SELECT count(*) INTO number FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid
        WHERE pg_index.indrelid = format('%I', field_object)::regclass
            AND pg_class.relname ~ ('^' || field_object || '_c_[0-9a-f]{8}(_key)?$');
    IF number >= most THEN
        RAISE EXCEPTION '% has % indexes of custom fields', field_object, number USING ERRCODE = 'program_limit_exceeded';
    END IF;
    EXECUTE format('SELECT count(*) FROM (SELECT FROM %I LIMIT %s) AS counted', field_object, most_rows + 1) INTO number;
    IF number > most_rows THEN
        RETURN false;
    END IF;
    IF purpose = 'unique' THEN
        EXECUTE format('CREATE UNIQUE INDEX %I ON %I (%s) WHERE deleted_at IS NULL',
                       index_name, field_object, CASE WHEN folds THEN '(' || folded || ')' ELSE key END);
        RETURN true;
    END IF;
    -- As the standard fields have them: one in the order of pages, of texts one for filters, which compare lower case.
    EXECUTE format('CREATE INDEX %I ON %I (%s, updated_at DESC, id) WHERE deleted_at IS NULL', index_name, field_object, key);
    IF folds THEN
        EXECUTE format('CREATE INDEX %I ON %I (%s text_pattern_ops, updated_at DESC, id) WHERE deleted_at IS NULL',
                       index_name || '_folded', field_object, folded);
    END IF;
    RETURN true;
END $$;

DO $$
DECLARE
    app text := current_schema() || '_app';
    made text;
BEGIN
    FOREACH made IN ARRAY ARRAY['custom_field_add_columns(text, text, text, smallint, text)',
                                'custom_field_set_index(text, text, text, text, boolean)'] LOOP
        -- Names mean what they mean here, whoever calls; a lock that is not to be had at once is given up.
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, extensions, pg_temp', made, current_schema());
        EXECUTE format('ALTER FUNCTION %s SET lock_timeout = ''20ms''', made);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', made, app);
    END LOOP;
    REVOKE ALL ON FUNCTION raise_registry_epoch() FROM PUBLIC;
    REVOKE ALL ON FUNCTION custom_field_check(text, text) FROM PUBLIC;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON custom_field TO %I', app);
END $$;
