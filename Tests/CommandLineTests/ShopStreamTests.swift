import Events
import Testing

@testable import usher

struct ShopStreamTests {
  /// A record as it was told.
  private struct Told: Equatable {
    let profile: String
    let json: String
    let arrivalMs: Int64
    let timeMs: Int64
  }

  private func story(_ change: (inout ShopPlan) -> Void = { _ in }) -> [Told] {
    var plan = ShopPlan()
    plan.profiles = 400
    plan.endMs = plan.startMs + 60 * 86_400_000
    change(&plan)
    var shop = ShopStream(plan)
    var story: [Told] = []
    while shop.next() {
      story.append(
        Told(
          profile: String(decoding: shop.profileID, as: UTF8.self), json: String(decoding: shop.json, as: UTF8.self),
          arrivalMs: shop.arrivalMs, timeMs: shop.timeMs))
    }
    return story
  }

  @Test func theSameSeedTellsTheSameStory() {
    let first = story {
      $0.late = 0.05; $0.duplicates = 0.02
    }
    let second = story {
      $0.late = 0.05; $0.duplicates = 0.02
    }
    #expect(!first.isEmpty)
    #expect(first == second)
  }

  @Test func theBytesOfASeedDoNotChangeByThemselves() {
    var hash: UInt64 = 0
    for record in story({ $0.limit = 2000 }) {
      var json = record.json
      hash = json.withUTF8 { Hash64.of(Bytes($0.baseAddress!, count: $0.count), seed: hash) }
    }
    // Whoever changes the story on purpose writes the new number here.
    #expect(hash == 897_685_057_721_030_721)
  }

  @Test func anotherSeedTellsAnotherStory() {
    #expect(
      story { $0.limit = 100 }
        != story {
          $0.limit = 100; $0.seed = 2
        })
  }

  @Test func thePlanBoundsTheNumberAndTheTime() {
    #expect(story { $0.limit = 321 }.count == 321)
    let plan = ShopPlan()
    let told = story { $0.endMs = plan.startMs + 86_400_000 }
    #expect(!told.isEmpty)
    #expect(told.allSatisfy { $0.timeMs >= plan.startMs && $0.timeMs < plan.startMs + 86_400_000 })
  }

  @Test func withoutAnEndTheStoryGoesOn() {
    let told = story {
      $0.profiles = 1; $0.endMs = nil; $0.limit = 500
    }
    #expect(told.count == 500)
  }

  @Test func aStoryMayBeginInAnyYear() {
    let told = story {
      $0.startMs = -315_619_200_000
      $0.endMs = nil
      $0.limit = 200
    }
    #expect(told.count == 200)
    #expect(told.first?.json.contains("\"timestamp\":\"1960-01-01T") == true)
  }

  @Test func recordsArriveInOrderAndTellTheirTime() {
    let told = story()
    for (one, next) in zip(told, told.dropFirst()) { #expect(one.arrivalMs <= next.arrivalMs) }
    for record in told {
      #expect(record.timeMs == record.arrivalMs)
      #expect(record.json.contains("\"timestamp\":\"\(Instant(ms: record.timeMs))\""))
    }
  }

  @Test func aShareArrivesLateByUpToTenMinutes() {
    let told = story { $0.late = 0.1 }
    let late = told.filter { $0.timeMs < $0.arrivalMs }
    #expect((0.08...0.12).contains(Double(late.count) / Double(told.count)))
    #expect(late.allSatisfy { $0.arrivalMs - $0.timeMs <= 600_000 })
    for (one, next) in zip(told, told.dropFirst()) { #expect(one.arrivalMs <= next.arrivalMs) }
  }

  @Test func aShareArrivesTwiceAndIsTheSameByteForByte() {
    let told = story { $0.duplicates = 0.1 }
    let times = Dictionary(grouping: told, by: \.json).mapValues(\.count)
    let twice = times.values.count { $0 == 2 }
    #expect(times.values.allSatisfy { $0 <= 2 })
    #expect((0.08...0.12).contains(Double(twice) / Double(times.count)))
  }

  @Test func withoutDuplicatesNoTwoRecordsAreTheSame() {
    let told = story()
    #expect(Set(told.map(\.json)).count == told.count)
  }

  @Test func someComeFarMoreOftenThanOthers() {
    let told = story { $0.profiles = 2000 }
    let counts = Dictionary(grouping: told, by: \.profile).values.map(\.count).sorted(by: >)
    let busiest = counts.prefix(counts.count / 50).reduce(0, +)
    #expect(Double(busiest) > 0.1 * Double(told.count))
    #expect(counts[0] < told.count / 20)
  }

  @Test func theNumberOfPeopleFitsTheNumberOfRecords() {
    let told = story {
      $0.profiles = ShopPlan.profiles(forEvents: 30_000, days: 30)
      $0.endMs = $0.startMs + 30 * 86_400_000
    }
    #expect((27_000...33_000).contains(told.count))
  }
}
