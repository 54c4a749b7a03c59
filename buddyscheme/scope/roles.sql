-- Roles of the cluster. Run by a superuser, or by a login that may create roles; may be run again at any time.
-- Works on PostgreSQL 15 and later. Passwords of the two logins are set by whoever runs this.
--
--   buddy_owner     owns the tables and migrates; never used by the web server
--   buddy_app       the application's login: without rights of its own, takes one of the three below per transaction
--   buddy_web       staff pages and their tasks
--   buddy_terminal  reads of the shared terminal
--   buddy_national  releases, roll-up and relay across prisons

DO $roles$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['buddy_web', 'buddy_terminal', 'buddy_national'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'buddy_owner') THEN
        CREATE ROLE buddy_owner LOGIN CREATEDB;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'buddy_app') THEN
        CREATE ROLE buddy_app LOGIN NOINHERIT;
    END IF;
END
$roles$;

-- Roles that were there before may be more than they should: say so rather than trust them.
DO $check$
DECLARE
    wrong text;
BEGIN
    SELECT string_agg(rolname, ', ') INTO wrong
    FROM pg_roles
    WHERE rolname IN ('buddy_owner', 'buddy_app', 'buddy_web', 'buddy_terminal', 'buddy_national')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'These roles may do too much and would pass row-level security: %', wrong;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'buddy_app' AND (rolinherit OR rolcreatedb)) THEN
        ALTER ROLE buddy_app NOINHERIT NOCREATEDB;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'buddy_owner' AND NOT rolcreatedb) THEN
        ALTER ROLE buddy_owner CREATEDB;
    END IF;
END
$check$;

-- From PostgreSQL 16 the grant itself says whether rights are inherited; before, the login's NOINHERIT does.
DO $grants$
DECLARE
    taker text;
BEGIN
    FOREACH taker IN ARRAY ARRAY['buddy_owner', 'buddy_app'] LOOP
        IF current_setting('server_version_num')::int >= 160000 THEN
            EXECUTE format('GRANT buddy_web, buddy_terminal, buddy_national TO %I WITH INHERIT FALSE, SET TRUE', taker);
        ELSE
            EXECUTE format('GRANT buddy_web, buddy_terminal, buddy_national TO %I', taker);
        END IF;
    END LOOP;
END
$grants$;
