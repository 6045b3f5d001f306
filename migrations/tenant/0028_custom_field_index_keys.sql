-- Indexes of custom fields have owner and team as keys: who sees a part of the records walks a list in the field's order by
-- owner and by each team, and the index passes over what others have. Held beside the keys (0027) they kept records from
-- being read as well, but each one that was wanted had to be looked up by its id (measured at 100,000 leads, 4 of 20 teams,
-- with a filter: 1.08 ms of Postgres for one person, by keys 0.66). Indexes that were made before serve on; the field's next one has them.

CREATE OR REPLACE FUNCTION custom_field_indexes(field_object text, field_column text, field_type text, purpose text,
                                                concurrent boolean)
RETURNS TABLE (index_name text, statement text) LANGUAGE plpgsql AS $$
DECLARE
    folds boolean := field_type IN ('text', 'email', 'phone');
    key text := format(CASE WHEN field_type = 'currency' THEN '%I_base' ELSE '%I' END, field_column);
    folded text := format('lower(%I COLLATE "und-x-icu")', field_column);
    how text := CASE WHEN concurrent THEN 'CONCURRENTLY IF NOT EXISTS ' ELSE '' END;
    -- Records that hang on others have neither.
    reach text := CASE WHEN (SELECT count(*) FROM pg_attribute WHERE attrelid = format('%I', field_object)::regclass
                                 AND attname IN ('owner_id', 'team_id')) = 2
                       THEN ', owner_id, team_id' ELSE '' END;
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
    statement := format('CREATE INDEX %s%I ON %I (%s, updated_at DESC, id%s) WHERE deleted_at IS NULL',
                        how, index_name, field_object, key, reach);
    RETURN NEXT;
    IF folds THEN
        index_name := index_name || '_folded';
        statement := format('CREATE INDEX %s%I ON %I (%s text_pattern_ops, updated_at DESC, id) WHERE deleted_at IS NULL',
                            how, index_name, field_object, folded);
        RETURN NEXT;
    END IF;
END $$;
