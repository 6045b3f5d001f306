-- The trash: what was deleted can be listed and restored, and goes for good after some time.

DO $$
DECLARE
    app text := current_schema() || '_app';
    object text;
BEGIN
    FOREACH object IN ARRAY ARRAY['account', 'contact', 'lead', 'opportunity', 'task', 'note'] LOOP
        EXECUTE format('CREATE INDEX %I ON %I (deleted_at DESC, id) WHERE deleted_at IS NOT NULL',
                       object || '_deleted_at', object);
        EXECUTE format('GRANT DELETE ON %I TO %I', object, app);
    END LOOP;
END $$;

-- What refers to a record that is gone for good refers to nothing.
ALTER TABLE account DROP CONSTRAINT account_parent_id_fkey,
    ADD CONSTRAINT account_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES account ON DELETE SET NULL;
ALTER TABLE contact DROP CONSTRAINT contact_account_id_fkey,
    ADD CONSTRAINT contact_account_id_fkey FOREIGN KEY (account_id) REFERENCES account ON DELETE SET NULL;
ALTER TABLE opportunity DROP CONSTRAINT opportunity_account_id_fkey,
    ADD CONSTRAINT opportunity_account_id_fkey FOREIGN KEY (account_id) REFERENCES account ON DELETE SET NULL;
ALTER TABLE opportunity_stage_history DROP CONSTRAINT opportunity_stage_history_opportunity_id_fkey,
    ADD CONSTRAINT opportunity_stage_history_opportunity_id_fkey
        FOREIGN KEY (opportunity_id) REFERENCES opportunity ON DELETE CASCADE;
