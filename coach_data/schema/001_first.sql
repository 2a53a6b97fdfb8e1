-- Append-only: every change is a new row. No keys or indexes: the latest recorded_at of a key wins.
CREATE SCHEMA IF NOT EXISTS app.raw;

CREATE TABLE app.raw.person (
    person_id BIGINT, name VARCHAR, time_zone VARCHAR, day_ends INTEGER, programme VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.membership (
    person_id BIGINT, role VARCHAR, active BOOLEAN,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.pairing (
    person_id BIGINT, coach_id BIGINT, cadence_days INTEGER, active BOOLEAN,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.consent (
    person_id BIGINT, purpose VARCHAR, given BOOLEAN, version INTEGER,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.outcome (
    person_id BIGINT, outcome_id BIGINT, goal VARCHAR, difference VARCHAR, noticed_by VARCHAR,
    indicator_id BIGINT, baseline DOUBLE, target DOUBLE, due DATE, status VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.indicator (
    person_id BIGINT, indicator_id BIGINT, outcome_id BIGINT, kind VARCHAR, name VARCHAR,
    unit VARCHAR, measure VARCHAR, low DOUBLE, high DOUBLE, rising_is_better BOOLEAN,
    period VARCHAR, controllable BOOLEAN, expected_lag INTEGER, guard_of BIGINT,
    usual_since DATE, keystone BOOLEAN, status VARCHAR, position INTEGER,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.aim (
    person_id BIGINT, indicator_id BIGINT, since DATE, comparison VARCHAR, amount DOUBLE,
    period VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.entry (
    person_id BIGINT, indicator_id BIGINT, day DATE, state VARCHAR, value DOUBLE,
    reason VARCHAR, source VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.entry_note (
    person_id BIGINT, indicator_id BIGINT, day DATE, note VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.day_log (
    person_id BIGINT, day DATE, seconds DOUBLE,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.annotation (
    person_id BIGINT, annotation_id BIGINT, first_day DATE, last_day DATE, event VARCHAR,
    text VARCHAR, removed BOOLEAN,
    recorded_at TIMESTAMP, author BIGINT);

-- Who looked at whose data: no values, each row chained to the one before it about that person.
CREATE TABLE app.raw.access_log (
    person_id BIGINT, viewer_id BIGINT, screen VARCHAR, allowed BOOLEAN,
    previous VARCHAR, digest VARCHAR, recorded_at TIMESTAMP);

-- Which person a browser on this device goes on as; the browser holds the token, we its hash.
CREATE TABLE app.raw.device (
    token_sha256 VARCHAR, person_id BIGINT, recorded_at TIMESTAMP);

-- How far the entries lie in order (person, indicator, day); what follows is the unordered tail.
CREATE TABLE app.raw.upkeep (
    ordered_entries BIGINT, recorded_at TIMESTAMP);
