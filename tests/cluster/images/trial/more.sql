-- The image with this file is for tests: its schema is newer than every program's that was released.
ALTER TABLE account ADD COLUMN trial text;
