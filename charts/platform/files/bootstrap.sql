-- What a superuser does once on a Postgres server before the platform may use it; doing it again is harmless.
--   psql -v operator_password=… -v platform_password=… -f bootstrap.sql postgres
-- The operator cannot do this by itself: with CREATEROLE alone a revoke from PUBLIC only warns.
-- Leave platform_password out on servers that hold tenants only: they need no database `platform`.
\set ON_ERROR_STOP on
SELECT :{?platform_password} AS with_platform \gset

-- Roles. The meter's cannot sign in: the operator takes it by SET ROLE, and sees usage and no records.
SELECT 'CREATE ROLE abetworks_meter NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'abetworks_meter') \gexec
SELECT 'CREATE ROLE abetworks_operator' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'abetworks_operator') \gexec
ALTER ROLE abetworks_operator LOGIN NOSUPERUSER CREATEROLE CREATEDB PASSWORD :'operator_password';
GRANT pg_signal_backend, abetworks_meter TO abetworks_operator;

-- The database that tenants share.
SELECT 'CREATE DATABASE tenants OWNER abetworks_operator' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tenants') \gexec
ALTER DATABASE tenants SET temp_file_limit = '1GB';
REVOKE ALL ON DATABASE tenants FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
-- Health checks and `CREATE DATABASE` go through this one.
GRANT CONNECT ON DATABASE postgres TO abetworks_operator;

\if :with_platform
SELECT 'CREATE ROLE abetworks_platform' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'abetworks_platform') \gexec
ALTER ROLE abetworks_platform LOGIN NOSUPERUSER PASSWORD :'platform_password';
SELECT 'CREATE DATABASE platform OWNER abetworks_platform' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'platform') \gexec
REVOKE ALL ON DATABASE platform FROM PUBLIC;
\endif

-- Every database that is made from now on is closed as well, and has the extensions where logins look for them.
\connect template1
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
\connect tenants
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
\connect postgres
REVOKE ALL ON SCHEMA public FROM PUBLIC;
