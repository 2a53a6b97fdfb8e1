-- What only PostgreSQL has, run there by every process that starts: each statement changes nothing the
-- second time. Tables come from the numbered migrations, as they do in a file.
CREATE SCHEMA IF NOT EXISTS shared;

-- Which key the processes have (a digest of it), so that all have the same.
CREATE TABLE IF NOT EXISTS shared.key (digest text NOT NULL);

-- Who was erased: an open tab of another process must not bring anything back.
CREATE TABLE IF NOT EXISTS shared.erased (person_id bigint NOT NULL);

-- The latest recorded_at that anybody was given, in microseconds since 1970. It moves with each save.
CREATE SEQUENCE IF NOT EXISTS shared.stamp AS bigint MINVALUE 0 START 0;

-- So many stamps for the time now_us, the first of them: later than every one before, in any process.
CREATE OR REPLACE FUNCTION shared.stamps(now_us bigint, wanted bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE first bigint;
BEGIN
    -- not until the end of the transaction, or everybody would wait for every save
    PERFORM pg_advisory_lock(7005317001);
    SELECT greatest(now_us, last_value + 1) INTO first FROM shared.stamp;
    PERFORM setval('shared.stamp', first + wanted - 1);
    PERFORM pg_advisory_unlock(7005317001);
    RETURN first;
END $$;

-- Until the transaction ends nobody else is alone with one of these keys; without keys nobody at all.
-- Somebody may have lost the connection that held a key while another one of theirs was saving: it is
-- waited for (the second lock of each key). The number of people who were erased, as it is then.
CREATE OR REPLACE FUNCTION shared.alone(keys bigint[]) RETURNS bigint
LANGUAGE plpgsql SET lock_timeout = '15s' AS $$
DECLARE key bigint;
BEGIN
    IF cardinality(keys) = 0 THEN
        PERFORM pg_advisory_xact_lock(7005317002);
        PERFORM pg_advisory_lock(~7005317002), pg_advisory_unlock(~7005317002);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(7005317002);
        PERFORM pg_advisory_lock_shared(~7005317002), pg_advisory_unlock_shared(~7005317002);
        FOREACH key IN ARRAY keys LOOP
            PERFORM pg_advisory_xact_lock(key);
            PERFORM pg_advisory_lock(~key), pg_advisory_unlock(~key);
        END LOOP;
    END IF;
    RETURN (SELECT count(*) FROM shared.erased);
END $$;

-- Whoever is alone with these keys begins to save: until this transaction ends nobody else will be.
CREATE OR REPLACE FUNCTION shared.saving(keys bigint[]) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '15s' AS $$
DECLARE key bigint;
BEGIN
    IF cardinality(keys) = 0 THEN
        PERFORM pg_advisory_xact_lock(~7005317002);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(~7005317002);
        FOREACH key IN ARRAY keys LOOP
            PERFORM pg_advisory_xact_lock(~key);
        END LOOP;
    END IF;
    RETURN true;
END $$;

-- Entries lie apart by person: somebody's are closer together, and an erasure writes only its own part
-- anew. Not by month: what is read is one person's whole time. No entry can be refused.
DO $$ BEGIN
    IF (SELECT relkind = 'r' FROM pg_class WHERE oid = 'raw.entry'::regclass) THEN
        ALTER TABLE raw.entry RENAME TO entry_before;
        CREATE TABLE raw.entry (LIKE raw.entry_before) PARTITION BY HASH (person_id);
        FOR part IN 0..31 LOOP
            EXECUTE format(
                'CREATE TABLE shared.entry_%s PARTITION OF raw.entry'
                ' FOR VALUES WITH (MODULUS 32, REMAINDER %s)', part, part);
        END LOOP;
        INSERT INTO raw.entry SELECT * FROM raw.entry_before;
        DROP TABLE raw.entry_before;
    END IF;
END $$;

-- How many rows a statement was about.
CREATE OR REPLACE FUNCTION shared.done(change text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE rows bigint;
BEGIN
    EXECUTE change;
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN rows;
END $$;

-- Whatever is asked is asked about one person; the rest is found by a code, a token or a coach.
DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'raw' AND column_name = 'person_id'
    LOOP
        IF name <> 'entry' THEN
            EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON raw.%I (person_id)', name || '_person', name);
        END IF;
    END LOOP;
END $$;
CREATE INDEX IF NOT EXISTS entry_day ON raw.entry (person_id, day);
CREATE INDEX IF NOT EXISTS pairing_coach ON raw.pairing (coach_id);
CREATE INDEX IF NOT EXISTS access_log_viewer ON raw.access_log (viewer_id);
CREATE INDEX IF NOT EXISTS device_token ON raw.device (token_sha256);
CREATE INDEX IF NOT EXISTS sign_in_token ON raw.sign_in (token_sha256);
CREATE INDEX IF NOT EXISTS sign_in_proof ON raw.sign_in (proof_sha256);
CREATE INDEX IF NOT EXISTS identity_subject ON raw.identity (subject);
CREATE INDEX IF NOT EXISTS token_secret ON raw.token (sha256);
CREATE INDEX IF NOT EXISTS invitation_code ON raw.invitation (code_sha256);
CREATE INDEX IF NOT EXISTS invitation_author ON raw.invitation (author);
CREATE INDEX IF NOT EXISTS release_programme ON raw.release (programme);
CREATE INDEX IF NOT EXISTS release_part_release ON raw.release_part (release_id);
