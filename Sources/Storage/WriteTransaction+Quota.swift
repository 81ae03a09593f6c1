internal import SQLite

/// Quotas are held in the transaction that uses them up, so that two requests at once cannot share what is left.
extension WriteTransaction {
    /// Refuses more files than a principal may store.
    ///
    /// - Throws: ``StorageError/quotaExceeded(_:)``
    func requireRoom(for bytes: Int, of principal: Principal) throws {
        let quota = try Quota(of: principal.id, default: defaultQuota, connection)
        guard let limit = quota.storedBytes else { return }
        let used = try FileStore.bytes(of: principal.id, connection)
        try Self.require(.storedBytes, limit: limit, used: used, asked: bytes)
    }

    /// Refuses more waiting jobs than a principal may have: single ones and trials. A sweep whose files are still to be
    /// checked has no trials yet and counts as those that it will have; later rungs are never more than the first.
    ///
    /// - Throws: ``StorageError/quotaExceeded(_:)``
    func requirePlaces(for jobs: Int, of principal: Principal) throws {
        let quota = try Quota(of: principal.id, default: defaultQuota, connection)
        guard let limit = quota.queuedJobs else { return }
        let waiting = try connection.value(
            """
            SELECT COUNT(*) FROM jobs
            WHERE creator = ? AND state IN ('validating_files', 'queued', 'paused') AND sweep_json IS NULL
            """, principal.id, as: Int.self)
        let planned = try connection.value(
            """
            SELECT COUNT(*) FROM sweep_points JOIN jobs ON jobs.id = sweep_points.parent_id
            WHERE creator = ? AND state = 'validating_files'
            """, principal.id, as: Int.self)
        try Self.require(.queuedJobs, limit: limit, used: (waiting ?? 0) + (planned ?? 0), asked: jobs)
    }

    private static func require(
        _ resource: Quota.Excess.Resource, limit: Int, used: Int, asked: Int
    ) throws(StorageError) {
        guard used + asked > limit else { return }
        throw .quotaExceeded(Quota.Excess(resource: resource, limit: limit, used: used, asked: asked))
    }
}
