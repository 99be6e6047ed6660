import Glibc

/// The folder of a store, as far as it is not RocksDB's: whose it is, in which form, and where it goes when it is of no
/// use any more.
enum StoreFolder {
  /// Another form of keys or values needs another number. A store of an older number is made anew.
  static let form = 1

  /// Says whose folder it is, and in which form.
  static let markerName = "USHER"
  private static let markerWords = "usher profile store, form "

  /// Makes the folder where it is missing, and marks it.
  /// - Throws: ``StoreError`` where there is something in it that this version does not know, or where it was a store and
  ///   its beginning is gone.
  static func prepare(_ folder: String) throws(StoreError) {
    try make(folder)
    let names = try names(in: folder)
    let hasTables = names.contains { $0.hasSuffix(".sst") }
    guard names.contains(markerName) else {
      if hasTables || names.contains("CURRENT") {
        throw StoreError(.otherForm, "open", folder: folder, reason: "there is no file \(markerName) in it")
      }
      return try mark(folder)
    }
    try checkMarker(folder)
    // RocksDB would take it for a new store, and say nothing. One without tables has nothing to lose.
    if hasTables && !names.contains("CURRENT") {
      throw StoreError(.damaged, "open", folder: folder, reason: "there is no file CURRENT in it")
    }
  }

  private static func checkMarker(_ folder: String) throws(StoreError) {
    let text = try read("\(folder)/\(markerName)", of: folder)
    guard text.hasPrefix(markerWords), text.hasSuffix("\n"),
      let found = Int(text.dropFirst(markerWords.count).dropLast())
    else {
      throw StoreError(.damaged, "open", folder: folder, reason: "its file \(markerName) is not what was written")
    }
    guard found == form else {
      throw StoreError(
        .otherForm, "open", folder: folder, reason: "it has form \(found), and this version of Usher knows form \(form)"
      )
    }
  }

  /// Whole or not at all, also after a loss of power.
  private static func mark(_ folder: String) throws(StoreError) {
    let path = "\(folder)/\(markerName)"
    let descriptor = open("\(path).new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreError(errno: errno, "make", folder: folder) }
    defer { Glibc.close(descriptor) }
    var text = "\(markerWords)\(form)\n"
    let written = text.withUTF8 { write(descriptor, $0.baseAddress, $0.count) }
    guard written == text.utf8.count, fsync(descriptor) == 0, rename("\(path).new", path) == 0 else {
      throw StoreError(errno: errno, "make", folder: folder)
    }
  }
}

// MARK: What the system is asked for

extension StoreFolder {
  /// Makes a folder and those above it; only its owner may look into it, since there are personal data in it.
  private static func make(_ folder: String) throws(StoreError) {
    var status = stat()
    if stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR { return }
    if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex { try make(String(folder[..<slash])) }
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw StoreError(errno: errno, "make", folder: folder) }
  }

  static func names(in folder: String) throws(StoreError) -> [String] {
    guard let stream = opendir(folder) else { throw StoreError(errno: errno, "open", folder: folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private static func read(_ path: String, of folder: String) throws(StoreError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError(errno: errno, "open", folder: folder) }
    defer { Glibc.close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw StoreError(errno: errno, "open", folder: folder) }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
