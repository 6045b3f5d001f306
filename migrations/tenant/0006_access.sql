-- Who may do what: teams, roles and their rights, shares of single records.

-- Teams form a tree.
CREATE TABLE crm_teams (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    name text COLLATE "und-x-icu" NOT NULL,
    parent_id uuid REFERENCES crm_teams,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    CHECK (parent_id <> id)
);
CREATE INDEX crm_teams_parent_id ON crm_teams (parent_id);

CREATE TABLE crm_team_members (
    team_id uuid NOT NULL REFERENCES crm_teams ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    is_primary boolean NOT NULL DEFAULT false,
    PRIMARY KEY (user_id, team_id)
);
CREATE UNIQUE INDEX crm_team_members_primary ON crm_team_members (user_id) WHERE is_primary;
CREATE INDEX crm_team_members_team_id ON crm_team_members (team_id);

-- `key` names a role that every organisation has.
CREATE TABLE crm_roles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key text UNIQUE,
    version bigint NOT NULL DEFAULT 1,
    name text COLLATE "und-x-icu" NOT NULL,
    description text,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
);

-- The catalogue of what can be granted: an action on an object, or a field of it. Settings areas are actions of the
-- object `settings`. Filled from the registry by `migrate`.
CREATE TABLE crm_permissions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    object text NOT NULL,
    action text,
    field text,
    UNIQUE NULLS NOT DISTINCT (object, action, field),
    CHECK ((action IS NULL) <> (field IS NULL))
);

-- Actions: 0 none, 1 own, 2 team, 3 team and below, 4 all. Fields: 0 none, 1 read, 2 edit.
-- Without a row: none for an action, edit for a field.
CREATE TABLE crm_role_permissions (
    role_id uuid NOT NULL REFERENCES crm_roles ON DELETE CASCADE,
    permission_id uuid NOT NULL REFERENCES crm_permissions ON DELETE CASCADE,
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 4),
    PRIMARY KEY (role_id, permission_id)
);
CREATE INDEX crm_role_permissions_permission_id ON crm_role_permissions (permission_id);

CREATE TABLE crm_user_roles (
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    role_id uuid NOT NULL REFERENCES crm_roles,
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX crm_user_roles_role_id ON crm_user_roles (role_id);

INSERT INTO crm_roles (key, name, description) VALUES
    ('admin', 'Administrator', 'Everything, settings included'),
    ('manager', 'Manager', 'The records of the own teams and those below'),
    ('member', 'Member', 'Own records, and reading those of the team'),
    ('viewer', 'Viewer', 'Reading everything, changing nothing');
INSERT INTO crm_user_roles (user_id, role_id)
    SELECT app_user.id, crm_roles.id FROM app_user JOIN crm_roles ON crm_roles.key = app_user.role;
ALTER TABLE app_user DROP COLUMN role;

-- A record shown to somebody beyond what roles give.
CREATE TABLE record_share (
    id uuid PRIMARY KEY,
    object text NOT NULL,
    record_id uuid NOT NULL,
    user_id uuid REFERENCES app_user ON DELETE CASCADE,
    team_id uuid REFERENCES crm_teams ON DELETE CASCADE,
    edit boolean NOT NULL DEFAULT false,
    created_by uuid REFERENCES app_user ON DELETE SET NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    CHECK ((user_id IS NULL) <> (team_id IS NULL))
);
-- Once from the record (who sees it), twice from the person (what they see).
CREATE UNIQUE INDEX record_share_record ON record_share (object, record_id, user_id, team_id) NULLS NOT DISTINCT;
CREATE INDEX record_share_user ON record_share (user_id, object, record_id) INCLUDE (edit) WHERE user_id IS NOT NULL;
CREATE INDEX record_share_team ON record_share (team_id, object, record_id) INCLUDE (edit) WHERE team_id IS NOT NULL;

-- In the writer's transaction, whoever writes: nobody can change a right and forget the epoch.
CREATE FUNCTION raise_permissions_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.epoch SET permissions = permissions + 1', TG_TABLE_SCHEMA);
    RETURN NULL;
END $$;
DO $$
DECLARE
    app text := current_schema() || '_app';
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY['crm_teams', 'crm_team_members', 'crm_roles', 'crm_permissions',
                                   'crm_role_permissions', 'crm_user_roles'] LOOP
        EXECUTE format('CREATE TRIGGER permissions_epoch AFTER INSERT OR UPDATE OR DELETE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION raise_permissions_epoch()', watched);
    END LOOP;
    REVOKE ALL ON FUNCTION raise_permissions_epoch() FROM PUBLIC;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON crm_teams, crm_team_members, crm_roles,
                    crm_role_permissions, crm_user_roles, record_share TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT ON crm_permissions TO %I', app);
END $$;
