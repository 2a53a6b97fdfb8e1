-- The coaching rhythm: habits, sprints, sessions, commitments, and the notebooks.
CREATE TABLE app.raw.habit (
    person_id BIGINT, indicator_id BIGINT, cue VARCHAR, routine VARCHAR, two_minute_start VARCHAR,
    reward VARCHAR, obstacle VARCHAR, if_then VARCHAR, at_minute INTEGER, minutes INTEGER,
    weekdays VARCHAR, removed BOOLEAN,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.sprint (
    person_id BIGINT, sprint_id BIGINT, behaviour VARCHAR, behaviour_id BIGINT, measure_id BIGINT,
    hypothesis VARCHAR, success_rule VARCHAR, rising_is_better BOOLEAN, baseline_days INTEGER,
    first_day DATE, adapted_from BIGINT, called_off BOOLEAN,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.retrospective (
    person_id BIGINT, sprint_id BIGINT, tried VARCHAR, surprised VARCHAR, learned VARCHAR,
    weak_part VARCHAR, decision VARCHAR, day DATE,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.session (
    person_id BIGINT, session_id BIGINT, coach_id BIGINT, day DATE, next_day DATE, ended BOOLEAN,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.session_clock (
    person_id BIGINT, session_id BIGINT, coach_id BIGINT, part INTEGER, spent DOUBLE,
    running BOOLEAN, since DOUBLE,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.session_note (
    person_id BIGINT, session_id BIGINT, coach_id BIGINT, part INTEGER, text VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.commitment (
    person_id BIGINT, commitment_id BIGINT, session_id BIGINT, coach_id BIGINT, text VARCHAR,
    indicator_id BIGINT, tracked VARCHAR, support VARCHAR, standing VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

-- Two notebooks about one session, each unseen by the other.
CREATE TABLE app.raw.coach_note (
    person_id BIGINT, session_id BIGINT, coach_id BIGINT, text VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

CREATE TABLE app.raw.own_note (
    person_id BIGINT, session_id BIGINT, text VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);
