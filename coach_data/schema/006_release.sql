-- What is told of one behaviour of a programme in one closed block of four weeks. Written once.
-- excess and spread: the noisy reading behind the word, for the words of later blocks; no view shows it.
CREATE TABLE app.raw.release (
    release_id BIGINT, programme VARCHAR, behaviour VARCHAR, first_day DATE, last_day DATE,
    word VARCHAR, excess DOUBLE, spread DOUBLE, recorded_at TIMESTAMP);

-- Who counted in it. No view shows it; erasure asks it which releases fall under the threshold.
CREATE TABLE app.raw.release_part (
    release_id BIGINT, person_id BIGINT, recorded_at TIMESTAMP);
