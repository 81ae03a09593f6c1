import FineTuning
import Testing

@testable import Datasets

@Suite struct AugmentationTests {
    /// A pair: twelve words of one to three pieces, and three words, between added tokens 1 and 2.
    static let pair: TokenSequence = {
        var sequence = TokenSequence(ids: [])
        var word: Int32 = 0
        func add(_ id: Int32, _ type: Int32, _ word: Int32) {
            sequence.ids.append(id)
            sequence.types.append(type)
            sequence.words.append(word)
        }
        add(1, 0, -1)
        for (type, words) in [(Int32(0), 12), (1, 3)] {
            for _ in 0..<words {
                for piece in 0...(word % 3) { add(100 + word * 10 + piece, type, word) }
                word += 1
            }
            add(2, type, -1)
        }
        return sequence
    }()

    /// The words of a sequence, by the tens of their tokens.
    func words(_ sequence: TokenSequence) -> [[Int32]] {
        sequence.wordRanges.map { Array(sequence.ids[$0]) }
    }

    static let kinds: [Augmentation] = [
        Augmentation(.randomDeletion, probability: 0.3), Augmentation(.randomSwap, probability: 0.3),
        Augmentation(.randomInsertion, probability: 0.3), Augmentation(.tokenMasking, probability: 0.3),
        Augmentation(.cutoff, probability: 1, ratio: 0.3),
    ]

    @Test(arguments: kinds)
    func `is a function of seed, epoch and example, and keeps words whole and added tokens`(_ kind: Augmentation) {
        let augmenter = TokenAugmenter([kind], seed: 5, maskID: 3, maxLength: 40)
        let known = Set(words(Self.pair))
        var results: Set<TokenSequence> = []
        for epoch in 0..<40 {
            let changed = augmenter.augmented(Self.pair, epoch: epoch, example: 7)
            #expect(changed == augmenter.augmented(Self.pair, epoch: epoch, example: 7))
            results.insert(changed)
            #expect(changed.count <= 40)
            #expect(changed.ids.first == 1 && changed.ids.last == 2)
            #expect(changed.ids.count { $0 < 3 } == 3)
            for word in words(changed) where kind.type != .tokenMasking { #expect(known.contains(word)) }
            #expect(changed.words.filter { $0 >= 0 }.max() == Int32(changed.wordRanges.count - 1))
            let types = zip(changed.types, changed.ids).filter { $0.1 >= 100 }
            #expect(types.allSatisfy { $0.0 == ($0.1 < 220 ? 0 : 1) })
        }
        #expect(results.count > 20)
        #expect(
            TokenAugmenter([kind], seed: 6, maskID: 3, maxLength: 40).augmented(Self.pair, epoch: 0, example: 7)
                != augmenter.augmented(Self.pair, epoch: 0, example: 7))
    }

    @Test(arguments: kinds.map { Augmentation($0.type, probability: 1, ratio: 0.9) })
    func `never empties a text of a pair, nor a text of one word`(_ kind: Augmentation) {
        let augmenter = TokenAugmenter([kind], seed: 5, maskID: 3)
        let single = TokenSequence(ids: [1, 50, 2], words: [-1, 0, -1])
        for epoch in 0..<20 {
            let changed = augmenter.augmented(Self.pair, epoch: epoch, example: 0)
            #expect(changed.ids.contains { (100..<220).contains($0) })
            #expect(changed.ids.contains { $0 >= 220 })
            #expect(augmenter.augmented(single, epoch: epoch, example: 0).ids == [1, 50, 2])
        }
        let empty = TokenSequence(ids: [1, 2], words: [-1, -1])
        #expect(augmenter.augmented(empty, epoch: 0, example: 0) == empty)
    }

    @Test func `deletion leaves out as many words as its chance says`() {
        let sequence = TokenSequence(ids: (0..<1000).map { $0 + 10 })
        let augmenter = TokenAugmenter([Augmentation(.randomDeletion, probability: 0.2)], seed: 1, maskID: nil)
        #expect((760...840).contains(augmenter.augmented(sequence, epoch: 0, example: 0).count))
    }

    @Test func `a swap keeps all words, an insertion adds one of them`() {
        let swap = TokenAugmenter([Augmentation(.randomSwap, probability: 0.2)], seed: 1, maskID: nil)
        let swapped = swap.augmented(Self.pair, epoch: 0, example: 0)
        #expect(swapped.ids.sorted() == Self.pair.ids.sorted())
        #expect(swapped.ids != Self.pair.ids)
        // Without room nothing can be inserted.
        let insert = TokenAugmenter([Augmentation(.randomInsertion, probability: 0.1)], seed: 1, maskID: nil)
        #expect(insert.augmented(Self.pair, epoch: 0, example: 0) == Self.pair)
        let longer = TokenAugmenter(
            [Augmentation(.randomInsertion, probability: 0.1)], seed: 1, maskID: nil, maxLength: 64)
        #expect(longer.augmented(Self.pair, epoch: 0, example: 0).wordRanges.count == 17)
    }

    @Test func `cutoff keeps the positions of what stays`() throws {
        let augmenter = TokenAugmenter([Augmentation(.cutoff, ratio: 0.3)], seed: 1, maskID: nil)
        for epoch in 0..<20 {
            let changed = augmenter.augmented(Self.pair, epoch: epoch, example: 0)
            let positions = try #require(changed.positions)
            #expect(zip(changed.ids, positions).allSatisfy { Self.pair.ids[Int($0.1)] == $0.0 })
            #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
            #expect(changed.count < Self.pair.count)
        }
    }

    @Test func `tags go with their words`() {
        let sequence = TokenSequence(
            ids: [1, 10, 11, 20, 30, 2], words: [-1, 0, 0, 1, 2, -1], tags: [-1, 5, -1, 6, 7, -1])
        let augmenter = TokenAugmenter([Augmentation(.cutoff, ratio: 0.3)], seed: 1, maskID: 3)
        for epoch in 0..<10 {
            let changed = augmenter.augmented(sequence, epoch: epoch, example: 0)
            let tag: [Int32: Int32] = [10: 5, 20: 6, 30: 7]
            #expect(zip(changed.ids, changed.tags).allSatisfy { $0.1 == tag[$0.0] ?? -1 })
        }
    }

    @Test func `masking chooses whole words up to the share, and masks four of five`() {
        var counts = (chosen: 0, masked: 0, kept: 0)
        let sequence = TokenSequence(
            ids: [1] + (0..<400).map { $0 + 100 } + [2], words: [-1] + (0..<400).map { $0 / 2 } + [-1])
        let masker = TokenMasker(Masking(), seed: 3, maskID: 4, vocabularySize: 1000, specialIDs: [0, 1, 2, 3, 4])
        for epoch in 0..<30 {
            let result = masker.masked(sequence, epoch: epoch, example: 9)
            #expect(result == masker.masked(sequence, epoch: epoch, example: 9))
            #expect(result.places.count == 60)
            #expect(result.truths == result.places.map { sequence.ids[$0] })
            #expect(Set(result.places.map { ($0 - 1) / 2 }).count == 30)
            for place in sequence.ids.indices where !result.places.contains(place) {
                #expect(result.sequence.ids[place] == sequence.ids[place])
            }
            counts.chosen += result.places.count
            counts.masked += result.places.count { result.sequence.ids[$0] == 4 }
            counts.kept += result.places.count { result.sequence.ids[$0] == sequence.ids[$0] }
            #expect(result.places.allSatisfy { ![0, 1, 2, 3].contains(result.sequence.ids[$0]) })
        }
        #expect((1390...1490).contains(counts.masked), "\(counts)")
        #expect((140...230).contains(counts.kept), "\(counts)")
        let other = masker.masked(sequence, epoch: 0, example: 10).places
        #expect(other != masker.masked(sequence, epoch: 0, example: 9).places)
        #expect(other != masker.masked(sequence, epoch: 1, example: 10).places)
    }

    @Test func `a short text has one place at least, an empty one none`() {
        let masker = TokenMasker(Masking(), seed: 3, maskID: 4, vocabularySize: 1000, specialIDs: [1, 2])
        let short = TokenSequence(ids: [1, 50, 51, 52, 2], words: [-1, 0, 0, 0, -1])
        #expect(masker.masked(short, epoch: 0, example: 0).places == [1, 2, 3])
        #expect(masker.masked(TokenSequence(ids: [1, 2], words: [-1, -1]), epoch: 0, example: 0).places.isEmpty)
    }

    @Test(arguments: [0.2, 1, 4])
    func `the shares of mixtures have the moments of the beta distribution`(_ alpha: Double) {
        var random = PhiloxGenerator(seed: 1, stream: 5)
        let numbers = (0..<20_000).map { _ in random.beta(alpha) }
        let mean = numbers.reduce(0, +) / 20_000
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean - 0.5) < 0.01)
        #expect(abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.004)
        let plan = Mixup(alpha: alpha, probability: 0.5, seed: 2).plan(step: 3, count: 400)
        #expect(plan.partners.sorted() == Array(0..<400))
        #expect(plan.shares.allSatisfy { (0.5...1).contains($0) })
        #expect((150...250).contains(plan.shares.count { $0 < 1 }) || alpha < 1)
        let again = Mixup(alpha: alpha, probability: 0.5, seed: 2).plan(step: 3, count: 400)
        #expect(again.partners == plan.partners && again.shares == plan.shares)
    }

    @Test func `oversampling shows every class as often, and every example at least once`() {
        let classes: [Int32] = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2]
        let sampler = BatchSampler(count: 10, batchSize: 4, seed: 1, shuffles: true, classes: classes)
        #expect(sampler.epochLength == 21)
        #expect(sampler.batchesPerEpoch == 6)
        for epoch in 0..<5 {
            let order = sampler.order(epoch: epoch)
            for number in Int32(0)..<3 { #expect(order.count { classes[$0] == number } == 7) }
            #expect(Set(order).count == 10)
            #expect([3, 4].contains(order.count { $0 == 7 }))
            #expect(Array(sampler.batches(epoch: epoch).joined()) == order)
        }
        #expect(sampler.order(epoch: 0) != sampler.order(epoch: 1))
        #expect(sampler.order(epoch: 2) == sampler.order(epoch: 2))
    }
}
