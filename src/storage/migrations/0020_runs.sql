-- Many issuances ordered with one confirmation. A run is worked on under a lease, as an
-- issuance is; its version grows each time somebody takes it over.
CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES owners (id),
    connection_id TEXT NOT NULL REFERENCES connections (id),
    sign_in_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    hold TEXT,
    source TEXT NOT NULL,
    request_id TEXT NOT NULL,
    ignored TEXT NOT NULL,
    lease_holder TEXT,
    lease_until BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX runs_of_owner ON runs (owner_id, created_at, id);
CREATE INDEX runs_to_work_on ON runs (lease_until) WHERE state = 'working';
CREATE INDEX runs_by_age ON runs (updated_at);

-- The id of a line's issuance stands here before anything is ordered.
CREATE TABLE run_lines (
    run_id TEXT NOT NULL REFERENCES runs (id),
    position BIGINT NOT NULL,
    thumbprint TEXT,
    answers TEXT,
    holder TEXT NOT NULL,
    issuance_id TEXT NOT NULL,
    state TEXT NOT NULL,
    skip TEXT,
    PRIMARY KEY (run_id, position)
);
CREATE INDEX run_lines_by_issuance ON run_lines (issuance_id);
CREATE INDEX run_lines_waiting ON run_lines (run_id, position) WHERE state = 'waiting';
CREATE INDEX run_lines_by_thumbprint ON run_lines (thumbprint)
    WHERE thumbprint IS NOT NULL AND state = 'waiting';
