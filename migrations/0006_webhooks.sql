-- Webhooks: up to which event the ends of jobs are noted, and those that the receiver has not taken yet.
CREATE TABLE webhook_progress (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    event_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_deliveries (
    id              TEXT PRIMARY KEY,                                   -- evt_…, the same in every attempt
    job_id          TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('succeeded', 'failed', 'cancelled')),
    created_at      INTEGER NOT NULL,                                   -- when the job ended
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at);
