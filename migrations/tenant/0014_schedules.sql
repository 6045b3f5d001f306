-- What the program does by itself: when, in the organisation's timezone.

CREATE TABLE schedule (
    kind text PRIMARY KEY,
    -- Without an hour at every one, without a day on every one; 1 is Monday (ISO 8601).
    minute smallint NOT NULL CHECK (minute BETWEEN 0 AND 59),
    hour smallint CHECK (hour BETWEEN 0 AND 23),
    weekday smallint CHECK (weekday BETWEEN 1 AND 7),
    -- The next time, and the timezone that it was computed for: another one of the organisation makes it stale.
    next_run_at timestamptz(3),
    timezone text,
    CHECK (hour IS NOT NULL OR weekday IS NULL)
);
INSERT INTO schedule (kind, minute, hour) VALUES ('sweep', 20, NULL), ('purge', 40, 3);

-- Jobs are taken kind by kind, so that the backlog of one keeps no other waiting.
CREATE INDEX job_due_by_kind ON job (kind, run_at, id) WHERE state = 'queued';

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON schedule TO %I', current_schema() || '_app');
END $$;
