-- E-mail addresses and phone numbers: accounts, contacts and leads have several of each, of which one is the primary
-- one. Their rows keep that one in `email` and `phone`, by which lists sort.

-- A record's id is no other record's, of whatever object: filters look by it alone.
CREATE TABLE email_address (
    record_id uuid NOT NULL,
    object text NOT NULL,
    position smallint NOT NULL,
    value text COLLATE "und-x-icu" NOT NULL,
    -- As filters compare it.
    folded text NOT NULL GENERATED ALWAYS AS (lower(value COLLATE "und-x-icu")) STORED,
    label text,
    is_primary boolean NOT NULL,
    opted_out boolean NOT NULL DEFAULT false,
    invalid boolean NOT NULL DEFAULT false,
    PRIMARY KEY (record_id, position)
);
CREATE TABLE phone_number (
    record_id uuid NOT NULL,
    object text NOT NULL,
    position smallint NOT NULL,
    value text COLLATE "und-x-icu" NOT NULL,
    folded text NOT NULL GENERATED ALWAYS AS (lower(value COLLATE "und-x-icu")) STORED,
    -- E.164, of a number that says its country: +49301234567. Up to the first letter, where an extension begins.
    e164 text GENERATED ALWAYS AS (substring(
        CASE WHEN value ~ '^\s*(\+|00)' THEN
            '+' || regexp_replace(regexp_replace(substring(value FROM '^[^[:alpha:]]*'), '\(0\)', ''), '^\s*00|\D', '', 'g')
        END FROM '^\+\d{7,15}$')) STORED,
    label text,
    is_primary boolean NOT NULL,
    opted_out boolean NOT NULL DEFAULT false,
    invalid boolean NOT NULL DEFAULT false,
    PRIMARY KEY (record_id, position)
);
CREATE INDEX email_address_folded ON email_address (folded text_pattern_ops, record_id);
CREATE INDEX phone_number_folded ON phone_number (folded text_pattern_ops, record_id);
CREATE INDEX phone_number_e164 ON phone_number (e164) WHERE e164 IS NOT NULL;
-- Few records have more than one: files look for these alone.
CREATE INDEX email_address_further ON email_address (record_id, position) WHERE NOT is_primary;
CREATE INDEX phone_number_further ON phone_number (record_id, position) WHERE NOT is_primary;

-- Whoever writes a row alone (a program of the version before this one, while both run; a bulk statement) writes its
-- primary address. Who writes both in one statement finds nothing left to do here.
DO $$
DECLARE
    app text := current_schema() || '_app';
    path text := format('pg_catalog, %I, extensions, pg_temp', current_schema());
    object text;
    held record;
BEGIN
    FOR held IN SELECT * FROM (VALUES ('email_address', 'email'), ('phone_number', 'phone')) AS held (kept, field) LOOP
        EXECUTE format($f$
            CREATE FUNCTION hold_new_%2$s() RETURNS trigger LANGUAGE plpgsql SET search_path = %3$s AS $b$
            BEGIN
                INSERT INTO %1$I (record_id, object, position, value, is_primary)
                    SELECT made.id, TG_TABLE_NAME, 0, made.%2$I, true FROM made
                    WHERE made.%2$I IS NOT NULL AND NOT EXISTS (SELECT FROM %1$I AS held WHERE held.record_id = made.id);
                RETURN NULL;
            END $b$ $f$, held.kept, held.field, path);
        EXECUTE format($f$
            CREATE FUNCTION hold_changed_%2$s() RETURNS trigger LANGUAGE plpgsql SET search_path = %3$s AS $b$
            BEGIN
                IF NEW.%2$I IS NOT DISTINCT FROM
                    (SELECT held.value FROM %1$I AS held WHERE held.record_id = NEW.id AND held.is_primary) THEN
                    RETURN NULL;
                ELSIF NEW.%2$I IS NULL THEN
                    DELETE FROM %1$I WHERE record_id = NEW.id AND is_primary;
                    RETURN NULL;
                END IF;
                UPDATE %1$I SET value = NEW.%2$I, opted_out = false, invalid = false
                    WHERE record_id = NEW.id AND is_primary;
                IF NOT FOUND THEN
                    INSERT INTO %1$I (record_id, object, position, value, is_primary)
                        SELECT NEW.id, TG_TABLE_NAME, coalesce(max(held.position) + 1, 0), NEW.%2$I, true
                        FROM %1$I AS held WHERE held.record_id = NEW.id;
                END IF;
                RETURN NULL;
            END $b$ $f$, held.kept, held.field, path);
        -- What is gone for good leaves none behind.
        EXECUTE format($f$
            CREATE FUNCTION remove_%2$s() RETURNS trigger LANGUAGE plpgsql SET search_path = %3$s AS $b$
            BEGIN
                DELETE FROM %1$I WHERE record_id = OLD.id;
                RETURN NULL;
            END $b$ $f$, held.kept, held.field, path);
        EXECUTE format('REVOKE ALL ON FUNCTION hold_new_%1$s(), hold_changed_%1$s(), remove_%1$s() FROM PUBLIC', held.field);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', held.kept, app);
        FOREACH object IN ARRAY ARRAY['account', 'contact', 'lead'] LOOP
            EXECUTE format('INSERT INTO %I (record_id, object, position, value, is_primary)
                            SELECT id, %L, 0, %3$I, true FROM %2$I WHERE %3$I IS NOT NULL', held.kept, object, held.field);
            EXECUTE format('CREATE TRIGGER %1$s_made AFTER INSERT ON %2$I REFERENCING NEW TABLE AS made
                            FOR EACH STATEMENT EXECUTE FUNCTION hold_new_%1$s()', held.field, object);
            EXECUTE format('CREATE TRIGGER %1$s_changed AFTER UPDATE OF %1$I ON %2$I FOR EACH ROW
                            WHEN (NEW.%1$I IS DISTINCT FROM OLD.%1$I)
                            EXECUTE FUNCTION hold_changed_%1$s()', held.field, object);
            EXECUTE format('CREATE TRIGGER %1$s_removed AFTER DELETE ON %2$I
                            FOR EACH ROW EXECUTE FUNCTION remove_%1$s()', held.field, object);
        END LOOP;
    END LOOP;
END $$;
