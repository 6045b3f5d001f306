-- Tags: words that people put on accounts, contacts, leads and opportunities.

CREATE TABLE tag (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    name text COLLATE "und-x-icu" NOT NULL,
    colour text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX tag_name_key ON tag (lower(name));

-- A record's id is no other record's, of whatever object: filters look by it alone.
CREATE TABLE record_tag (
    record_id uuid NOT NULL,
    object text NOT NULL,
    tag_id uuid NOT NULL REFERENCES tag ON DELETE CASCADE,
    PRIMARY KEY (record_id, object, tag_id)
);
CREATE INDEX record_tag_tag_id ON record_tag (tag_id, record_id);

-- What is gone for good leaves no tags behind.
CREATE FUNCTION remove_record_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DELETE FROM %I.record_tag WHERE record_id = $1 AND object = $2', TG_TABLE_SCHEMA)
        USING OLD.id, TG_TABLE_NAME;
    RETURN NULL;
END $$;
DO $$
DECLARE
    app text := current_schema() || '_app';
    object text;
BEGIN
    FOREACH object IN ARRAY ARRAY['account', 'contact', 'lead', 'opportunity'] LOOP
        EXECUTE format('CREATE TRIGGER record_tags AFTER DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION remove_record_tags()', object);
    END LOOP;
    REVOKE ALL ON FUNCTION remove_record_tags() FROM PUBLIC;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON tag TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON record_tag TO %I', app);
END $$;
