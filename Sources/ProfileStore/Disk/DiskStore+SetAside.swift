import Glibc

extension DiskStore {
  /// Puts a store that is of no use any more out of the way, so that a new one can be made in its place. It stays beside
  /// it, to be looked at, until the next one is set aside: there is never more than one.
  /// - Returns: where it is now.
  /// - Throws: ``StoreError``.
  public static func setAside(folder: String) throws(StoreError) -> String {
    let folder = String(folder.reversed().drop { $0 == "/" }.reversed())
    let slash = folder.lastIndex(of: "/")
    let parent = slash.map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? "."
    let prefix = (slash.map { String(folder[folder.index(after: $0)...]) } ?? folder) + ".damaged-"
    let former = try StoreFolder.names(in: parent).filter { name in
      name.hasPrefix(prefix) && Int(name.dropFirst(prefix.count)) != nil
    }
    let number = (former.compactMap { Int($0.dropFirst(prefix.count)) }.max() ?? 0) + 1
    let place = "\(folder).damaged-\(number)"
    guard rename(folder, place) == 0 else { throw StoreError(errno: errno, "set aside", folder: folder) }
    for name in former { try StoreFolder.remove("\(parent)/\(name)") }
    return place
  }
}

extension StoreFolder {
  /// Removes a folder and what is in it.
  static func remove(_ folder: String) throws(StoreError) {
    for name in try names(in: folder) {
      let path = "\(folder)/\(name)"
      // Linux says EISDIR of a folder.
      guard unlink(path) != 0 else { continue }
      guard errno == EISDIR else { throw StoreError(errno: errno, "remove", folder: folder) }
      try remove(path)
    }
    guard rmdir(folder) == 0 else { throw StoreError(errno: errno, "remove", folder: folder) }
  }
}
