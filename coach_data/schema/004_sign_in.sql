-- Who somebody is at a provider of sign-in. Never by e-mail: two providers may both give one out.
CREATE TABLE app.raw.identity (
    issuer VARCHAR, subject VARCHAR, person_id BIGINT, recorded_at TIMESTAMP);

-- One signed-in browser. It holds the token, we its hash; the latest row of a key counts.
-- proof_sha256: of the provider's token that began it; each begins one session and no other.
CREATE TABLE app.raw.sign_in (
    token_sha256 VARCHAR, issuer VARCHAR, subject VARCHAR, proof_sha256 VARCHAR,
    started_at TIMESTAMP, seen_at TIMESTAMP, ended BOOLEAN, recorded_at TIMESTAMP);

-- A one-time code, as its hash. Made by a coach (coach_id: who will be the coach) or by an
-- administrator; author is NULL where the command line made it. used_by: who came in with it.
CREATE TABLE app.raw.invitation (
    code_sha256 VARCHAR, role VARCHAR, programme VARCHAR, coach_id BIGINT, author BIGINT,
    made_at TIMESTAMP, expires_at TIMESTAMP, used_by BIGINT, withdrawn BOOLEAN,
    recorded_at TIMESTAMP);
