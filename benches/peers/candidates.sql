-- The candidate task on PostGIS and pg_trgm: pairs within 100 m whose titles are alike by more than 0.45.
-- Run by psql with the file on its standard input, its columns and the one of titles as variables: see tools/bench-peers.
\set ON_ERROR_STOP on
\timing off
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE UNLOGGED TABLE rows (:columns);
SELECT clock_timestamp() AS began \gset
\copy rows FROM pstdin WITH (FORMAT csv, HEADER true)
-- Metres: UTM zone 49 south, where the generated works lie.
CREATE UNLOGGED TABLE works AS
    SELECT row_number() OVER (ORDER BY id)::int AS n, :"title" AS title, ST_Transform(ST_GeomFromText(wkt, 4326), 32749) AS place FROM rows;
CREATE INDEX works_place ON works USING gist (place);
ALTER TABLE works ADD PRIMARY KEY (n);
VACUUM ANALYZE works;
SELECT round(extract(epoch FROM clock_timestamp() - :'began')::numeric, 2) AS load \gset
SELECT clock_timestamp() AS began \gset
SELECT count(*) AS pairs FROM works a JOIN works b
    ON b.n > a.n AND ST_DWithin(a.place, b.place, 100) AND similarity(a.title, b.title) > 0.45 \gset
SELECT round(extract(epoch FROM clock_timestamp() - :'began')::numeric, 2) AS join \gset
-- One project looked up at a time, by a prepared statement, timed inside the server.
CREATE TEMP TABLE looks (ms double precision);
DO $$
DECLARE began timestamptz; one record; found bigint;
BEGIN
    FOR one IN SELECT n, title, place FROM works WHERE n % (SELECT greatest(count(*) / 1000, 1) FROM works) = 0 LIMIT 1000 LOOP
        began := clock_timestamp();
        SELECT count(*) INTO found FROM works b
            WHERE ST_DWithin(one.place, b.place, 100) AND b.n <> one.n AND similarity(one.title, b.title) > 0.45;
        INSERT INTO looks VALUES (extract(epoch FROM clock_timestamp() - began) * 1000);
    END LOOP;
END $$;
SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 3) AS median,
       round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::numeric, 3) AS p99 FROM looks \gset
SELECT split_part(version(), ' ', 2) AS pg, split_part(postgis_lib_version(), ' ', 1) AS gis \gset
\echo | PostgreSQL :pg, PostGIS :gis, pg_trgm | :load s | :join s | :pairs | :median ms, :p99 ms p99 |
