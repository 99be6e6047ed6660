import KafkaTestSupport
import Pipeline

extension RealTopics {
  /// What `usher run` is told in order to work on these topics.
  func words(_ project: ProjectFolder, bootstrap: String? = nil) -> [String] {
    [
      "--project", project.path, "--bootstrap", bootstrap ?? kafka.bootstrapServers, "--app", settings.app,
      "--in", settings.input, "--out", settings.outputPrefix, "--rejected", settings.rejected,
      "--kafka", "heartbeat.interval.ms=500",
    ]
  }
}
