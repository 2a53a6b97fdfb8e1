-- What a viewer may see. Everything that is read passes through one of these views; a table without
-- one is invisible. The viewer is a variable of the cursor: without it every view is empty.
-- ``X_history`` holds all rows of a table that the viewer may see; privacy.py makes ``X``, the
-- current ones, from it. Filters stand here, inside the de-duplication: outside it they cost a scan.
-- Whose frame, entries and notes a coach sees is settled once, when a visit opens, and kept as lists
-- in three more variables: asked in every query it cost as much as the query. Unset, they add nobody.
-- "What my coach sees" opens these very views for one coachee: as_coach is then that coach, narrowed_to
-- that coachee, and the viewer is nobody: nothing of the coach's own is there, nor any other coachee.

CREATE MACRO coaching() AS coalesce(getvariable('as_coach'), getvariable('viewer'));

-- Who the viewer is.
CREATE VIEW viewer AS
FROM app.raw.person WHERE person_id = getvariable('viewer');

-- The coachees of the viewer, while the pairing is active.
CREATE VIEW coachee AS
SELECT person_id FROM app.raw.pairing
WHERE coach_id = coaching() AND person_id = coalesce(getvariable('narrowed_to'), person_id)
GROUP BY person_id HAVING arg_max_null(active, recorded_at);

-- The coaches of the viewer, likewise.
CREATE VIEW coach AS
SELECT coach_id AS person_id FROM app.raw.pairing WHERE person_id = getvariable('viewer')
GROUP BY coach_id HAVING arg_max_null(active, recorded_at);

-- arg_max_null, because arg_max passes over a NULL and would bring an older yes back.
-- Consents of those in the frame, as (person_id, purpose), while they are given: those that are for a coach.
CREATE VIEW coachee_consent AS
SELECT person_id, purpose FROM app.raw.consent
WHERE list_contains(getvariable('frame'), person_id)
    AND purpose IN ('coach sees my entries', 'coach sees my notes')
GROUP BY person_id, purpose HAVING arg_max_null(given, recorded_at);

-- Whoever looked at the viewer's data or coached them stays known by the names of that time.
CREATE VIEW met AS
SELECT person_id, name, recorded_at
FROM app.raw.person JOIN (
    SELECT met_id, max(met_at) AS met_at FROM (
        SELECT viewer_id AS met_id, recorded_at AS met_at FROM app.raw.access_log
        WHERE person_id = getvariable('viewer')
        UNION ALL
        SELECT coach_id, recorded_at FROM app.raw.pairing
        WHERE person_id = getvariable('viewer')) meetings
    GROUP BY met_id) last_meeting ON person_id = met_id AND recorded_at <= met_at;

-- A name is known to oneself and within an active pairing.
CREATE VIEW person_history AS
FROM app.raw.person
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id)
    OR person_id IN (FROM coach);

CREATE VIEW membership_history AS
FROM app.raw.membership WHERE person_id = getvariable('viewer');

-- One's own, also ended ones; as a coach only while they last.
CREATE VIEW pairing_history AS
FROM app.raw.pairing WHERE person_id = getvariable('viewer')
UNION ALL
FROM app.raw.pairing
WHERE coach_id = coaching() AND person_id IS DISTINCT FROM getvariable('viewer')
    AND list_contains(getvariable('frame'), person_id);

-- A coach sees what they were allowed, not what is between the coachee and the programme.
CREATE VIEW consent_history AS
FROM app.raw.consent
WHERE (person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id))
    AND (person_id = getvariable('viewer')
        OR purpose IN ('coach sees my entries', 'coach sees my notes'));

CREATE VIEW outcome_history AS
FROM app.raw.outcome
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id);

CREATE VIEW indicator_history AS
FROM app.raw.indicator
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id);

CREATE VIEW aim_history AS
FROM app.raw.aim
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id);

CREATE VIEW annotation_history AS
FROM app.raw.annotation
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id);

CREATE VIEW habit_history AS
FROM app.raw.habit
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id);

CREATE VIEW sprint_history AS
FROM app.raw.sprint
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id);

CREATE VIEW retrospective_history AS
FROM app.raw.retrospective
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id);

-- A session is between two: a later coach does not see what was said with an earlier one.
CREATE VIEW session_history AS
FROM app.raw.session
WHERE (person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id))
    AND (person_id = getvariable('viewer') OR coach_id = coaching());

CREATE VIEW session_clock_history AS
FROM app.raw.session_clock
WHERE (person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id))
    AND (person_id = getvariable('viewer') OR coach_id = coaching());

CREATE VIEW session_note_history AS
FROM app.raw.session_note
WHERE (person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id))
    AND (person_id = getvariable('viewer') OR coach_id = coaching());

CREATE VIEW commitment_history AS
FROM app.raw.commitment
WHERE (person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id))
    AND (person_id = getvariable('viewer') OR coach_id = coaching());

-- The two notebooks: each for its writer alone.
CREATE VIEW coach_note_history AS
FROM app.raw.coach_note
WHERE coach_id = getvariable('viewer') AND list_contains(getvariable('frame'), person_id);

CREATE VIEW own_note_history AS
FROM app.raw.own_note WHERE person_id = getvariable('viewer');

CREATE VIEW entry_history AS
FROM app.raw.entry
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('entries'), person_id);

CREATE VIEW entry_note_history AS
FROM app.raw.entry_note
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('notes'), person_id);

CREATE VIEW day_log_history AS
FROM app.raw.day_log WHERE person_id = getvariable('viewer');

-- What reaches in from outside for somebody, and the line a day: their own affair.
CREATE VIEW token_history AS
FROM app.raw.token WHERE person_id = getvariable('viewer');

CREATE VIEW request_history AS
FROM app.raw.request WHERE person_id = getvariable('viewer');

CREATE VIEW digest_history AS
FROM app.raw.digest WHERE person_id = getvariable('viewer');

-- Looks at oneself by others, and one's own looks at others.
CREATE VIEW access_log AS
FROM app.raw.access_log WHERE person_id = getvariable('viewer')
UNION ALL
FROM app.raw.access_log
WHERE viewer_id = getvariable('viewer') AND person_id <> getvariable('viewer');

-- An administrator knows who is in the programme and in which role, and nothing else of them.
CREATE VIEW administrator AS
SELECT person_id, arg_max(programme, recorded_at) AS programme FROM app.raw.person
WHERE person_id = getvariable('viewer') AND person_id IN (
    SELECT person_id FROM app.raw.membership
    WHERE person_id = getvariable('viewer') AND role = 'administrator'
    GROUP BY person_id HAVING arg_max_null(active, recorded_at))
GROUP BY person_id;

CREATE VIEW roster AS
SELECT p.person_id, p.name, m.role
FROM (
    SELECT person_id, arg_max(name, recorded_at) AS name, arg_max(programme, recorded_at) AS programme
    FROM app.raw.person GROUP BY person_id) p
JOIN (
    SELECT person_id, role FROM app.raw.membership
    GROUP BY person_id, role HAVING arg_max_null(active, recorded_at)) m USING (person_id)
WHERE p.programme IN (SELECT programme FROM administrator);

-- The invitations that the viewer has made; the code itself is nowhere.
CREATE VIEW invitation AS
SELECT code_sha256, author AS person_id, arg_max(role, recorded_at) AS role, arg_max(made_at, recorded_at) AS made_at,
    arg_max(expires_at, recorded_at) AS expires_at,
    arg_max_null(used_by, recorded_at) AS used_by, arg_max(withdrawn, recorded_at) AS withdrawn
FROM app.raw.invitation WHERE author = getvariable('viewer') GROUP BY code_sha256, author;

-- The words told of the viewer's programme, to those who take part in it; never who counted, or how many.
CREATE VIEW release AS
SELECT behaviour, first_day, last_day, word FROM app.raw.release
WHERE programme IN (
        SELECT arg_max(programme, recorded_at) FROM app.raw.person
        WHERE person_id = getvariable('viewer'))
    AND getvariable('viewer') IN (
        SELECT person_id FROM app.raw.membership
        WHERE person_id = getvariable('viewer') AND role IN ('coachee', 'coach', 'lead')
        GROUP BY person_id, role HAVING arg_max_null(active, recorded_at));
