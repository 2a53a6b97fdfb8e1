-- What reaches in from outside the screens. A secret is kept as its hash; last_used is a day.
CREATE TABLE app.raw.token (
    person_id BIGINT, token_id BIGINT, purpose VARCHAR, name VARCHAR, sha256 VARCHAR,
    last_used DATE, revoked BOOLEAN,
    recorded_at TIMESTAMP, author BIGINT);

-- A request that was done, so that the same one sent again changes nothing: hashes only.
CREATE TABLE app.raw.request (
    person_id BIGINT, request VARCHAR, content VARCHAR,
    recorded_at TIMESTAMP, author BIGINT);

-- Whether somebody wants the line a day, and the last day on which it was given out.
CREATE TABLE app.raw.digest (
    person_id BIGINT, wanted BOOLEAN, last_day DATE,
    recorded_at TIMESTAMP, author BIGINT);
