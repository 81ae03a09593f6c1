-- What a token may use, who made what, and who did what.
ALTER TABLE tokens ADD COLUMN max_queued INTEGER CHECK (max_queued >= 0);   -- jobs that wait; NULL: the server's default
ALTER TABLE tokens ADD COLUMN max_running INTEGER CHECK (max_running >= 1); -- jobs that train at once
ALTER TABLE tokens ADD COLUMN max_bytes INTEGER CHECK (max_bytes >= 0);     -- of files, together

-- As in jobs: the token's id, or 'anonymous' where none was needed; empty for what is older than this column.
ALTER TABLE files ADD COLUMN creator TEXT NOT NULL DEFAULT '';

CREATE INDEX files_of_creator ON files (creator, bytes);

-- A sweep's trials are their sweep's creator's.
UPDATE jobs SET creator = (SELECT parent.creator FROM jobs AS parent WHERE parent.id = jobs.parent_id)
WHERE parent_id IS NOT NULL;

-- The audit log. Entries are added at its end and only ever removed from its beginning.
CREATE TABLE audit (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    actor      TEXT NOT NULL,                           -- a token's id, 'anonymous', or 'operator' for the command line
    actor_name TEXT,                                    -- the token's name
    address    TEXT,                                    -- of the client, without port
    action     TEXT NOT NULL,                           -- such as job.create
    subject    TEXT,                                    -- the identifier of what it was done to
    outcome    TEXT NOT NULL                            -- 'done', or the code of the refusal
) STRICT;

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit log is never changed');
END;

CREATE TRIGGER audit_has_no_gaps BEFORE DELETE ON audit WHEN OLD.number > (SELECT MIN(number) FROM audit)
BEGIN
    SELECT RAISE(ABORT, 'only the oldest entry of the audit log can be removed');
END;
