-- Organisations that the tenant's people deal with.

CREATE TABLE account (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    name text COLLATE "und-x-icu" NOT NULL,
    website text,
    phone text,
    industry text COLLATE "und-x-icu",
    employees integer CHECK (employees >= 0),
    description text,
    owner_id uuid REFERENCES app_user,
    team_id uuid,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    deleted_at timestamptz(3)
);
-- One index a sort key, in the order of its pages (see store/page.rs): descending lists read it backwards.
CREATE INDEX account_updated_at ON account (updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX account_created_at ON account (created_at, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX account_name ON account (name, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX account_industry ON account (industry, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX account_employees ON account (employees, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX account_owner ON account (owner_id, updated_at DESC, id) WHERE deleted_at IS NULL;

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON account TO %I', current_schema() || '_app');
END $$;
