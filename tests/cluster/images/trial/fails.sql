-- The image with this file is for tests: its migration fails.
SELECT 1 / 0;
