#!/bin/sh
# What the image of PostgreSQL runs once, on an empty volume: the login that serves gets its password. The migrations, which would make it without one, give it its rights.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set password="$HOOKLINE_LOGIN_PASSWORD" <<'SQL'
CREATE ROLE hookline_login LOGIN NOINHERIT PASSWORD :'password';
SQL
