-- People: how they like things shown, links that work once, API keys, second factors.

ALTER TABLE app_user
    ADD COLUMN language text,
    ADD COLUMN timezone text,
    ADD COLUMN number_format text,
    ADD COLUMN date_format text,
    ADD COLUMN theme text;
CREATE INDEX app_user_name ON app_user (name, id);

-- Where a session was opened: shown to its person, and by its prefix known as a place that they sign in from.
ALTER TABLE session
    ADD COLUMN client_address text,
    ADD COLUMN client_prefix text;

-- The app's own invitations and resets: like sessions, kept as SHA-256 alone.
CREATE TABLE user_link (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('invitation', 'reset')),
    token_hash bytea NOT NULL UNIQUE,
    email text NOT NULL,
    name text NOT NULL,
    role_ids uuid[],
    user_id uuid REFERENCES app_user,
    created_by uuid REFERENCES app_user,
    created_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3) NOT NULL,
    used_at timestamptz(3),
    CHECK ((kind = 'invitation') = (role_ids IS NOT NULL)),
    CHECK ((kind = 'reset') = (user_id IS NOT NULL))
);
-- A newer link takes the place of an older one.
CREATE UNIQUE INDEX user_link_open ON user_link (kind, lower(email)) WHERE used_at IS NULL;

CREATE TABLE api_key (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES app_user,
    name text NOT NULL,
    prefix text NOT NULL,
    secret_hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    created_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3) NOT NULL,
    last_used_at timestamptz(3)
);
CREATE INDEX api_key_user_id ON api_key (user_id);

-- The secret is sealed under the data key; `last_step` is the last 30 seconds whose code was taken.
CREATE TABLE second_factor (
    user_id uuid PRIMARY KEY REFERENCES app_user,
    sealed_secret bytea NOT NULL,
    key_id text NOT NULL,
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz(3) NOT NULL,
    confirmed_at timestamptz(3)
);
CREATE TABLE recovery_code (
    user_id uuid NOT NULL REFERENCES second_factor ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

DO $$
DECLARE app text := current_schema() || '_app';
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON user_link, api_key, second_factor, recovery_code TO %I', app);
END $$;
