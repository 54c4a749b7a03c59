#!/bin/sh
# Run once by the PostgreSQL image in an empty data folder: roles, passwords, the database and its extensions.
set -eu

# psql quotes the passwords itself; they never stand in a command line.
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --file /srv/roles.sql
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
ALTER ROLE buddy_owner PASSWORD :'owner_password';
ALTER ROLE buddy_app PASSWORD :'app_password';
CREATE DATABASE buddyscheme OWNER buddy_owner;
REVOKE ALL ON DATABASE buddyscheme FROM PUBLIC;
GRANT CONNECT ON DATABASE buddyscheme TO buddy_app;
\connect buddyscheme
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
SQL
