-- Saved views: a list as a person wants it again, for themselves or for others.

CREATE TABLE saved_view (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    object text NOT NULL,
    owner_id uuid NOT NULL REFERENCES app_user,
    name text COLLATE "und-x-icu" NOT NULL,
    -- `team`: those of `saved_view_team` see it; `shared`: everyone who sees the object's records.
    visibility text NOT NULL CHECK (visibility IN ('private', 'team', 'shared')),
    filter jsonb,
    columns text[] NOT NULL,
    sort text,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL
);
CREATE INDEX saved_view_owner_id ON saved_view (owner_id, object);
CREATE INDEX saved_view_shared ON saved_view (object) WHERE visibility <> 'private';

-- A team that goes takes its share along: the view is then seen by fewer, never by more.
CREATE TABLE saved_view_team (
    view_id uuid NOT NULL REFERENCES saved_view ON DELETE CASCADE,
    team_id uuid NOT NULL REFERENCES crm_teams ON DELETE CASCADE,
    PRIMARY KEY (view_id, team_id)
);
CREATE INDEX saved_view_team_team_id ON saved_view_team (team_id);

-- What a person thinks of a view, their own or another's.
CREATE TABLE view_preference (
    user_id uuid NOT NULL REFERENCES app_user,
    view_id uuid NOT NULL REFERENCES saved_view ON DELETE CASCADE,
    object text NOT NULL,
    is_default boolean NOT NULL,
    is_pinned boolean NOT NULL,
    PRIMARY KEY (user_id, view_id)
);
CREATE INDEX view_preference_view_id ON view_preference (view_id);
CREATE UNIQUE INDEX view_preference_default ON view_preference (user_id, object) WHERE is_default;

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON saved_view, saved_view_team, view_preference TO %I',
                   current_schema() || '_app');
END $$;
