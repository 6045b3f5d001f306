-- Records that an organisation got to try the CRM with: they go all at once. An id is no other record's, of whatever
-- object; one whose record is gone already means nothing.
CREATE TABLE sample_record (record_id uuid PRIMARY KEY);

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON sample_record TO %I', current_schema() || '_app');
END $$;
