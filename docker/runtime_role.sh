#!/bin/sh
# Run once by the postgres image for a new cluster: the role that the application runs as.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$RUNTIME_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE tandem_app LOGIN PASSWORD :'password';
SQL
