-- The organisation's logo: a file of one chunk that belongs to no job and does not expire. Each has an id of its own,
-- by which browsers know whether they have it already.
ALTER TABLE organisation ADD COLUMN logo_file_id uuid REFERENCES file;
