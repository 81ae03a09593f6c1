-- Bytes that the job's worker needs, where they are many: so many must be free when it starts.
ALTER TABLE jobs ADD COLUMN memory_bytes INTEGER CHECK (memory_bytes >= 0);
