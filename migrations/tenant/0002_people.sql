-- People and how they sign in.

CREATE TABLE app_user (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    email text NOT NULL,
    name text COLLATE "und-x-icu" NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'member')),
    password_hash text,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    deactivated_at timestamptz(3)
);
CREATE UNIQUE INDEX app_user_email ON app_user (lower(email));

-- The cookie's 256 random bits are kept as their SHA-256 alone.
CREATE TABLE session (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
    expires_at timestamptz(3) NOT NULL,
    user_agent text
);
CREATE INDEX session_user_id ON session (user_id);
CREATE INDEX session_expires_at ON session (expires_at);

-- Platform tokens that were used: each works once.
CREATE TABLE used_token (
    jti uuid PRIMARY KEY,
    kind text NOT NULL,
    used_at timestamptz(3) NOT NULL DEFAULT now()
);

-- Answers to POSTs with an Idempotency-Key, for 24 h.
CREATE TABLE idempotency_key (
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at);

DO $$
DECLARE app text := current_schema() || '_app';
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON app_user TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON session, idempotency_key TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT ON used_token TO %I', app);
END $$;
