-- Which contacts take part in an opportunity, and how.

CREATE TABLE opportunity_contact (
    -- Asked at the end: who takes part is written before the opportunity, which is read back with them.
    opportunity_id uuid NOT NULL REFERENCES opportunity ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    contact_id uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    role text COLLATE "und-x-icu",
    is_primary boolean NOT NULL DEFAULT false,
    PRIMARY KEY (opportunity_id, contact_id)
);
CREATE INDEX opportunity_contact_contact_id ON opportunity_contact (contact_id, opportunity_id);
-- One stands for all, or none.
CREATE UNIQUE INDEX opportunity_contact_primary ON opportunity_contact (opportunity_id) WHERE is_primary;

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON opportunity_contact TO %I', current_schema() || '_app');
END $$;
