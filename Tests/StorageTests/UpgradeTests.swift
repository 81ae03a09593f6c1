import FineTuning
import Foundation
import SQLite
import Storage
import Testing

@Suite("A database of an earlier version")
struct UpgradeTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test("has all its rows after the upgrade, and its jobs go on", arguments: EarlierDatabase.levels)
    func rows(level: Int) async throws {
        _ = try EarlierDatabase(level: level, in: fixture)
        let database = try await fixture.open()

        #expect(try await database.files.page(limit: 9).elements.map(\.id) == ["file-two", "file-one"])
        #expect(try await database.files.file("file-two").expiresAt == 1_800_000_000)

        let job = try await database.jobs.job("ftjob-succeeded")
        #expect(job.state == .succeeded && job.attempt == 1 && job.trainedTokens == 200)
        #expect(job.recipe.model == "m" && job.recipe.seed == 7 && job.recipe.task.labels == ["a", "b"])
        #expect(job.recipe.strategy.learningRate == 5e-5 && job.metadata == ["team": "x"])
        #expect(job.progress?.totalSteps == 2 && job.best?.value == 0.5 && job.resultFiles == ["file-two"])
        #expect(job.hasLedger == (level >= 3) && job.quote.predicted?.tokens == (level >= 3 ? 200 : nil))
        let failed = try await database.jobs.job("ftjob-failed")
        #expect(failed.error?.code == .invalidTrainingFile && failed.error?.param == "training_file")
        #expect(try await database.jobs.counts()[.paused] == (level >= 4 ? 2 : 1))
        #expect(try await database.jobs.job("ftjob-waiting").memoryBytes == (level >= 2 ? 1000 : nil))

        let events = try await database.events.following(0, limit: 9)
        #expect(events.map(\.kind) == [.status, .metrics, .evaluation] && events.map(\.sequence) == [1, 2, 3])
        #expect(try await database.metrics.points(jobID: job.id).map(\.trainLoss) == [0.25])
        let evaluation = try await database.metrics.evaluations(jobID: job.id).first
        #expect(evaluation?.metrics[.accuracy] == 0.75)
        let checkpoint = try await database.checkpoints.page(jobID: job.id, limit: 9).elements.first
        #expect(checkpoint?.id == "ftckpt_one" && checkpoint?.trainLoss == 0.25 && checkpoint?.isBest == true)
        #expect(try await database.models.fineTuned("ft:m:local:s:ucceeded")?.labels == ["a", "b"])
        #expect(try await database.tokens.verify(EarlierDatabase.secret)?.scopes == [.submit])
        if level >= 4 {
            #expect(try await database.jobs.trials("ftjob-sweep").map(\.jobID) == ["ftjob-trial"])
            #expect(try await database.jobs.job("ftjob-trial").parentID == "ftjob-sweep")
        }

        let claimed = try #require(try await database.jobs.claim())
        #expect(claimed.id == "ftjob-waiting" && claimed.attempt == 1)
        #expect(try await database.jobs.resume("ftjob-stopped").state == .queued)
        let token = try #require(try await database.tokens.all().first)
        #expect(token.quota == (level >= 5 ? Quota(queuedJobs: 9, runningJobs: 2, storedBytes: 1000) : Quota()))
        let owner = Principal(token, address: "192.0.2.1")
        #expect(try await database.files.room(of: owner)?.left == (level >= 5 ? 995 : nil))
        #expect(try await database.audit.page(limit: 9).elements.map(\.action) == (level >= 5 ? [.tokenCreate] : []))
        let again = CreationKey(idempotencyKey: "key", requestDigest: "digest", isRetry: false)
        #expect(try await database.jobs.create(job, key: again, by: owner).id == job.id)
    }

    @Test("has the schema of a new one after the upgrade", arguments: EarlierDatabase.levels)
    func schema(level: Int) async throws {
        let earlier = try EarlierDatabase(level: level, in: fixture)
        _ = try await fixture.open()
        let new = try Fixture()
        _ = try await new.open()
        // As a table of their names, types and constraints: the words of an altered table stay behind one another.
        let columns = { (path: String) in
            try Connection(path: "\(path)/finetuned.sqlite").query(
                """
                SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_schema t,
                    pragma_table_info(t.name) c WHERE t.type IN ('table', 'index') ORDER BY t.name, c.cid
                """
            ) { row -> String in
                let words: [String?] = [
                    try row[0], try row[1], try row[2], String(try row[3] as Int), try row[4],
                    String(try row[5] as Int),
                ]
                return words.map { $0 ?? "NULL" }.joined(separator: " ")
            }
        }
        #expect(try columns(earlier.path) == columns(new.path))
    }

    @Test("stays whole, for the version that wrote it, where the upgrade fails", arguments: EarlierDatabase.levels)
    func failing(level: Int) async throws {
        let earlier = try EarlierDatabase(level: level, in: fixture)
        let before = try earlier.contents()
        let broken = "\(fixture.path)/broken-migrations"
        try FileManager.default.copyItem(atPath: Fixture.migrations, toPath: broken)
        let name = String(format: "%04d_broken.sql", EarlierDatabase.levels.upperBound + 1)
        try "CREATE TABLE later (x) STRICT; DELETE FROM tokens; INSERT INTO nowhere VALUES (1);".write(
            toFile: "\(broken)/\(name)", atomically: true, encoding: .utf8)
        let error = await #expect(throws: MigrationError.self) { try await fixture.open(migrations: broken) }
        #expect(error?.description.contains(name) == true)
        #expect(try earlier.contents() == before)
        #expect(try Migrator(directory: earlier.migrations).migrate(earlier.open()) == [])
    }

    @Test("is refused by a version that is older than itself, untouched", arguments: EarlierDatabase.levels.dropFirst())
    func newer(level: Int) async throws {
        let newer = try EarlierDatabase(level: level, in: fixture)
        let before = try newer.contents()
        let older = "\(fixture.path)/older-migrations"
        try FileManager.default.copyItem(atPath: newer.migrations, toPath: older)
        let last = try #require(try FileManager.default.contentsOfDirectory(atPath: older).sorted().last)
        try FileManager.default.removeItem(atPath: "\(older)/\(last)")
        await #expect(throws: MigrationError.newerDatabase(names: [last])) { try await fixture.open(migrations: older) }
        #expect(try newer.contents() == before)
    }
}
