import ProfileStore

/// The stores of a process's partitions.
final class SimulatedFolder {
  private var images: [Int32: DiskImage] = [:]
  /// How many stores were put out of the way.
  private(set) var setAside = 0

  init() {}

  func open(_ partition: Int32) throws(StoreError) -> (DiskImage, folder: String) {
    let image = images[partition] ?? DiskImage()
    images[partition] = image
    if image.isOpen { throw StoreError.locked("partition-\(partition)") }
    return (image, "partition-\(partition)")
  }

  func setAside(_ folder: String) -> String {
    setAside += 1
    if let partition = Int32(folder.drop { $0 != "-" }.dropFirst()) { images[partition] = nil }
    return "\(folder).damaged-\(setAside)"
  }

  func crash() { for image in images.values { image.crash() } }

  /// What a partition's store has committed.
  func committed(_ partition: Int32) -> DiskImage.Contents? { images[partition]?.committed }
}
