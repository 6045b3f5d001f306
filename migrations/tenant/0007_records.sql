-- The objects beside accounts, and what hangs on records.

-- What people share: read by everyone, kept by admins.
CREATE TABLE organisation (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL DEFAULT 1,
    currency char(3) NOT NULL DEFAULT 'EUR',
    timezone text NOT NULL DEFAULT 'UTC',
    -- 1 is Monday (ISO 8601).
    week_start smallint NOT NULL DEFAULT 1 CHECK (week_start BETWEEN 1 AND 7),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
);
INSERT INTO organisation DEFAULT VALUES;
CREATE TRIGGER settings_epoch AFTER UPDATE ON organisation
    FOR EACH STATEMENT EXECUTE FUNCTION raise_settings_epoch();

-- How much of the organisation's currency one unit is worth, from a day on.
CREATE TABLE currency_rate (
    currency char(3) NOT NULL,
    valid_from date NOT NULL,
    rate numeric(19, 8) NOT NULL CHECK (rate > 0),
    PRIMARY KEY (currency, valid_from)
);

ALTER TABLE account
    ADD COLUMN email text COLLATE "und-x-icu",
    ADD COLUMN parent_id uuid REFERENCES account,
    ADD COLUMN street text COLLATE "und-x-icu",
    ADD COLUMN postal_code text COLLATE "und-x-icu",
    ADD COLUMN city text COLLATE "und-x-icu",
    ADD COLUMN country text COLLATE "und-x-icu",
    ALTER COLUMN employees TYPE bigint,
    ALTER COLUMN website TYPE text COLLATE "und-x-icu",
    ALTER COLUMN phone TYPE text COLLATE "und-x-icu",
    ADD CONSTRAINT account_team_id_fkey FOREIGN KEY (team_id) REFERENCES crm_teams;

CREATE TABLE contact (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    first_name text COLLATE "und-x-icu",
    last_name text COLLATE "und-x-icu" NOT NULL,
    job_title text COLLATE "und-x-icu",
    email text COLLATE "und-x-icu",
    phone text COLLATE "und-x-icu",
    account_id uuid REFERENCES account,
    description text,
    street text COLLATE "und-x-icu",
    postal_code text COLLATE "und-x-icu",
    city text COLLATE "und-x-icu",
    country text COLLATE "und-x-icu",
    owner_id uuid REFERENCES app_user,
    team_id uuid REFERENCES crm_teams,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    deleted_at timestamptz(3)
);

CREATE TABLE lead (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    first_name text COLLATE "und-x-icu",
    last_name text COLLATE "und-x-icu" NOT NULL,
    company text COLLATE "und-x-icu",
    job_title text COLLATE "und-x-icu",
    email text COLLATE "und-x-icu",
    phone text COLLATE "und-x-icu",
    website text COLLATE "und-x-icu",
    status text NOT NULL,
    source text,
    value numeric(19, 4),
    value_currency char(3),
    value_base numeric(19, 4),
    description text,
    street text COLLATE "und-x-icu",
    postal_code text COLLATE "und-x-icu",
    city text COLLATE "und-x-icu",
    country text COLLATE "und-x-icu",
    owner_id uuid REFERENCES app_user,
    team_id uuid REFERENCES crm_teams,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    deleted_at timestamptz(3),
    CHECK ((value IS NULL) = (value_currency IS NULL))
);

CREATE TABLE pipeline (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    version bigint NOT NULL DEFAULT 1,
    name text COLLATE "und-x-icu" NOT NULL,
    position smallint NOT NULL DEFAULT 0
);
CREATE TABLE stage (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    version bigint NOT NULL DEFAULT 1,
    pipeline_id uuid NOT NULL REFERENCES pipeline,
    name text COLLATE "und-x-icu" NOT NULL,
    position smallint NOT NULL,
    probability smallint NOT NULL CHECK (probability BETWEEN 0 AND 100),
    outcome text NOT NULL DEFAULT 'open' CHECK (outcome IN ('open', 'won', 'lost')),
    UNIQUE (pipeline_id, position),
    UNIQUE (id, pipeline_id)
);
WITH made AS (INSERT INTO pipeline (name) VALUES ('Sales') RETURNING id)
INSERT INTO stage (pipeline_id, name, position, probability, outcome)
    SELECT made.id, first.name, first.position, first.probability, first.outcome
    FROM made, (VALUES ('Qualification', 1, 10, 'open'), ('Proposal', 2, 40, 'open'), ('Negotiation', 3, 70, 'open'),
                       ('Won', 4, 100, 'won'), ('Lost', 5, 0, 'lost')) AS first (name, position, probability, outcome);

CREATE TABLE opportunity (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    name text COLLATE "und-x-icu" NOT NULL,
    account_id uuid REFERENCES account,
    pipeline_id uuid NOT NULL REFERENCES pipeline,
    stage_id uuid NOT NULL,
    amount numeric(19, 4),
    amount_currency char(3),
    amount_base numeric(19, 4),
    close_date date,
    lost_reason text COLLATE "und-x-icu",
    description text,
    owner_id uuid REFERENCES app_user,
    team_id uuid REFERENCES crm_teams,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    deleted_at timestamptz(3),
    -- A stage is one of its pipeline's.
    FOREIGN KEY (stage_id, pipeline_id) REFERENCES stage (id, pipeline_id),
    CHECK ((amount IS NULL) = (amount_currency IS NULL))
);
-- When an opportunity was in which stage.
CREATE TABLE opportunity_stage_history (
    opportunity_id uuid NOT NULL REFERENCES opportunity,
    stage_id uuid NOT NULL REFERENCES stage,
    entered_at timestamptz(3) NOT NULL,
    left_at timestamptz(3),
    PRIMARY KEY (opportunity_id, entered_at)
);

CREATE TABLE task (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    name text COLLATE "und-x-icu" NOT NULL,
    status text NOT NULL,
    priority text NOT NULL,
    due_at timestamptz(3),
    description text,
    owner_id uuid REFERENCES app_user,
    team_id uuid REFERENCES crm_teams,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    deleted_at timestamptz(3)
);

CREATE TABLE note (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    body text NOT NULL,
    author_id uuid REFERENCES app_user,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    deleted_at timestamptz(3)
);

-- What a note or a task is about.
CREATE TABLE activity_link (
    activity text NOT NULL,
    activity_id uuid NOT NULL,
    object text NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (activity, activity_id, object, record_id)
);
CREATE INDEX activity_link_record ON activity_link (object, record_id, activity, activity_id);

-- One index a sort key (key, updated_at desc, id), in the order of its pages (store/page.rs): descending lists read it
-- backwards. The scopes' own, owner and team, are among them.
DO $$
DECLARE
    wanted record;
    field text;
BEGIN
    FOR wanted IN SELECT * FROM (VALUES
        ('account', ARRAY['team_id', 'email', 'parent_id']),
        ('contact', ARRAY['last_name', 'email', 'account_id', 'owner_id', 'team_id', 'created_at']),
        ('lead', ARRAY['last_name', 'company', 'email', 'status', 'owner_id', 'team_id', 'created_at']),
        ('opportunity', ARRAY['name', 'account_id', 'stage_id', 'amount_base', 'close_date', 'owner_id', 'team_id',
                              'created_at']),
        ('task', ARRAY['name', 'status', 'due_at', 'owner_id', 'team_id', 'created_at']),
        ('note', ARRAY['created_at'])) AS wanted (object, fields)
    LOOP
        FOREACH field IN ARRAY wanted.fields LOOP
            EXECUTE format('CREATE INDEX %I ON %I (%I, updated_at DESC, id) WHERE deleted_at IS NULL',
                           wanted.object || '_' || field, wanted.object, field);
        END LOOP;
        IF wanted.object <> 'account' THEN
            EXECUTE format('CREATE INDEX %I ON %I (updated_at DESC, id) WHERE deleted_at IS NULL',
                           wanted.object || '_updated_at', wanted.object);
        END IF;
    END LOOP;
END $$;

-- Filters compare text in lower case (store/filter.rs): these serve eq, in and starts_with. Sorting has its own above.
DO $$
DECLARE
    wanted record;
    field text;
BEGIN
    FOR wanted IN SELECT * FROM (VALUES
        ('account', ARRAY['name', 'email', 'industry']),
        ('contact', ARRAY['last_name', 'email']),
        ('lead', ARRAY['last_name', 'company', 'email']),
        ('opportunity', ARRAY['name'])) AS wanted (object, fields)
    LOOP
        FOREACH field IN ARRAY wanted.fields LOOP
            EXECUTE format('CREATE INDEX %I ON %I (lower(%I COLLATE "und-x-icu") text_pattern_ops, updated_at DESC, id)
                            WHERE deleted_at IS NULL', wanted.object || '_' || field || '_folded', wanted.object, field);
        END LOOP;
    END LOOP;
END $$;

CREATE OR REPLACE VIEW usage_gauge (meter, label, value) AS
    SELECT 'users', '', count(*) FROM app_user WHERE deactivated_at IS NULL
    UNION ALL SELECT 'records', 'account', count(*) FROM account WHERE deleted_at IS NULL
    UNION ALL SELECT 'records', 'contact', count(*) FROM contact WHERE deleted_at IS NULL
    UNION ALL SELECT 'records', 'lead', count(*) FROM lead WHERE deleted_at IS NULL
    UNION ALL SELECT 'records', 'opportunity', count(*) FROM opportunity WHERE deleted_at IS NULL
    UNION ALL SELECT 'records', 'task', count(*) FROM task WHERE deleted_at IS NULL
    UNION ALL SELECT 'records', 'note', count(*) FROM note WHERE deleted_at IS NULL
    UNION ALL
    SELECT 'storage_bytes', '', coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
        WHERE relkind IN ('r', 'm') AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'account'::regclass);

DO $$
DECLARE app text := current_schema() || '_app';
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON contact, lead, opportunity, task, note, pipeline, stage,
                    opportunity_stage_history TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON activity_link, currency_rate TO %I', app);
    EXECUTE format('GRANT SELECT, UPDATE ON organisation TO %I', app);
END $$;
