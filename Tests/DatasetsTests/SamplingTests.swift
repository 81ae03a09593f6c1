import Testing

@testable import Datasets

@Suite struct SamplingTests {
    /// Known answers of the Random123 library for philox4x32 with 10 rounds.
    @Test func `Philox gives the known answers`() {
        #expect(
            PhiloxGenerator.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
                == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
        #expect(
            PhiloxGenerator.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
                == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
        #expect(
            PhiloxGenerator.block(
                counter: SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), key: SIMD2(0xA409_3822, 0x299F_31D0)
            )
                == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
    }

    @Test func `numbers below a bound are all as likely`() {
        var generator = PhiloxGenerator(seed: 1, stream: 2)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[Int(generator.number(below: 7))] += 1 }
        #expect(counts.allSatisfy { (9_600...10_400).contains($0) })
    }

    @Test func `an epoch has every example once, the last batch is smaller`() {
        let sampler = BatchSampler(count: 103, batchSize: 16, seed: 42, shuffles: true)
        let batches = sampler.batches(epoch: 3)
        #expect(batches.count == 7)
        #expect(sampler.batchesPerEpoch == 7)
        #expect(batches.map(\.count) == [16, 16, 16, 16, 16, 16, 7])
        #expect(batches.joined().sorted() == Array(0..<103))
    }

    @Test func `the order is a function of seed and epoch alone`() {
        let sampler = BatchSampler(count: 50, batchSize: 8, seed: 42, shuffles: true)
        let again = BatchSampler(count: 50, batchSize: 8, seed: 42, shuffles: true)
        #expect(sampler.order(epoch: 5) == again.order(epoch: 5))
        #expect(sampler.order(epoch: 5) != sampler.order(epoch: 6))
        #expect(
            sampler.order(epoch: 0) != BatchSampler(count: 50, batchSize: 8, seed: 43, shuffles: true).order(epoch: 0))
        // A change of these numbers would make a resumed job see other batches than it did before.
        let small = BatchSampler(count: 8, batchSize: 8, seed: 42, shuffles: true)
        #expect(small.order(epoch: 0) == [2, 1, 0, 3, 4, 6, 7, 5])
    }

    @Test func `without shuffling the order is the file's`() {
        let sampler = BatchSampler(count: 5, batchSize: 2, seed: 42, shuffles: false)
        #expect(sampler.batches(epoch: 9) == [[0, 1], [2, 3], [4]])
        #expect(BatchSampler(count: 0, batchSize: 2, seed: 42, shuffles: true).batches(epoch: 0).isEmpty)
    }

    @Test func `a split takes its share of each label and keeps the order`() {
        let labels = (0..<1000).map { Int32($0 % 10 == 0 ? 1 : 0) }
        let split = StratifiedSplit.split(labels: labels, labelCount: 2, share: 0.1, seed: 7)
        #expect(split.validation.count == 100)
        #expect(split.validation.count { labels[$0] == 1 } == 10)
        #expect((split.training + split.validation).sorted() == Array(0..<1000))
        #expect(split.training == split.training.sorted())
        #expect(split.validation == split.validation.sorted())
        let again = StratifiedSplit.split(labels: labels, labelCount: 2, share: 0.1, seed: 7)
        #expect(again.validation == split.validation)
        let other = StratifiedSplit.split(labels: labels, labelCount: 2, share: 0.1, seed: 8)
        #expect(other.validation != split.validation)
    }

    @Test func `every label keeps an example, and a small file holds one back`() {
        let many = StratifiedSplit.split(labels: [0, 1, 2, 2], labelCount: 3, share: 0.9, seed: 1)
        #expect(many.training.contains(0) && many.training.contains(1))
        #expect(many.validation.count == 1)
        #expect(StratifiedSplit.split(labels: [0, 0, 1], labelCount: 2, share: 0.01, seed: 1).validation.count == 1)
        #expect(StratifiedSplit.split(labels: [0, 1], labelCount: 2, share: 0.5, seed: 1).validation.isEmpty)
        #expect(StratifiedSplit.split(labels: [0, 0, 1], labelCount: 2, share: 0, seed: 1).validation.isEmpty)
        #expect(StratifiedSplit.split(labels: [], labelCount: 0, share: 0.5, seed: 1).training.isEmpty)
    }
}
