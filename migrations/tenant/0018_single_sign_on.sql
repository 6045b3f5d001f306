-- Signing in with the organisation's own OpenID provider.

CREATE TABLE single_sign_on (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL DEFAULT 1,
    enabled boolean NOT NULL DEFAULT false,
    issuer text,
    client_id text,
    -- Sealed under the data key; without one we are a public client.
    sealed_client_secret bytea,
    key_id text,
    label text NOT NULL DEFAULT '',
    -- Whether people are made at their first sign-in.
    creates_people boolean NOT NULL DEFAULT false,
    default_role_id uuid REFERENCES crm_roles,
    groups_claim text,
    -- Whether people who are no administrators may still sign in with a password.
    passwords boolean NOT NULL DEFAULT true,
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    CHECK (NOT enabled OR (issuer IS NOT NULL AND client_id IS NOT NULL)),
    CHECK ((sealed_client_secret IS NULL) = (key_id IS NULL))
);
INSERT INTO single_sign_on DEFAULT VALUES;

-- The provider's groups, and the roles that their people hold.
CREATE TABLE single_sign_on_group (
    name text NOT NULL,
    role_id uuid NOT NULL REFERENCES crm_roles,
    PRIMARY KEY (name, role_id)
);
CREATE INDEX single_sign_on_group_role_id ON single_sign_on_group (role_id);

-- Whom a provider's subject is. A person is one subject of a provider: an address that it gives to somebody else later is
-- not the way into this person's account.
CREATE TABLE single_sign_on_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (issuer, user_id)
);
CREATE INDEX single_sign_on_identity_user_id ON single_sign_on_identity (user_id);

-- Attempts that came back: each works once. They are told apart for as long as one lasts.
CREATE TABLE single_sign_on_attempt (
    id uuid PRIMARY KEY,
    used_at timestamptz(3) NOT NULL
);
CREATE INDEX single_sign_on_attempt_used_at ON single_sign_on_attempt (used_at);

-- Whether a session was opened by the provider: what it asks of people beside a password is its own.
ALTER TABLE session ADD COLUMN single_sign_on boolean NOT NULL DEFAULT false;

CREATE TRIGGER settings_epoch AFTER UPDATE ON single_sign_on
    FOR EACH STATEMENT EXECUTE FUNCTION raise_settings_epoch();

DO $$
DECLARE app text := current_schema() || '_app';
BEGIN
    EXECUTE format('GRANT SELECT, UPDATE ON single_sign_on TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON single_sign_on_group, single_sign_on_attempt TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT ON single_sign_on_identity TO %I', app);
END $$;
