-- Roles and database, once, as a superuser: psql --file postgresql.sql --set owner_password=… --set app_password=…
-- jiedui_owner owns the tables and brings them up to date; jiedui_app runs the site and cannot change the trail.
CREATE ROLE jiedui_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE jiedui_app LOGIN PASSWORD :'app_password';
CREATE DATABASE jiedui OWNER jiedui_owner TEMPLATE template0
    ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
\connect jiedui
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO jiedui_owner;
GRANT USAGE ON SCHEMA public TO jiedui_app;
REVOKE ALL ON DATABASE jiedui FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE jiedui TO jiedui_owner, jiedui_app;
