-- Admins change pipelines: a stage or a pipeline in which no opportunity is or was can go.

DO $$
BEGIN
    EXECUTE format('GRANT DELETE ON pipeline, stage TO %I', current_schema() || '_app');
END $$;
