-- Who may register by themselves: people whose address is of a domain that an admin allows, after a mail to it.

CREATE TABLE sign_in_rules (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL DEFAULT 1,
    -- In lower case.
    registration_domains text[] NOT NULL DEFAULT '{}',
    registration_role_id uuid REFERENCES crm_roles,
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    CHECK (registration_domains = '{}' OR registration_role_id IS NOT NULL)
);
INSERT INTO sign_in_rules DEFAULT VALUES;
CREATE TRIGGER settings_epoch AFTER UPDATE ON sign_in_rules
    FOR EACH STATEMENT EXECUTE FUNCTION raise_settings_epoch();

ALTER TABLE user_link DROP CONSTRAINT user_link_kind_check,
    ADD CONSTRAINT user_link_kind_check CHECK (kind IN ('invitation', 'registration', 'reset'));

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, UPDATE ON sign_in_rules TO %I', current_schema() || '_app');
END $$;
