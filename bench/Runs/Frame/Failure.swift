import Glibc
import Kafka

/// A run cannot go on: what happened, and what to do about it.
struct Failure: Error {
  var message: String
  var advice: String?
  var exitCode: Int32 = 1

  init(_ message: String, advice: String? = nil, exitCode: Int32 = 1) {
    self.message = message
    self.advice = advice
    self.exitCode = exitCode
  }

  /// Something that Kafka did not do.
  init(_ error: KafkaError) { self.init(error.description) }

  /// Something that the system did not do; `errno` tells why.
  init(system message: String, code: Int32) { self.init("\(message): \(String(cString: strerror(code)))") }
}

/// Does something with Kafka, whose errors end the run.
func kafka<Result: ~Copyable>(_ body: () throws(KafkaError) -> Result) throws(Failure) -> Result {
  do throws(KafkaError) {
    return try body()
  } catch {
    throw Failure(error)
  }
}
