import Foundation

/// JSON as a stand-in reads it: strictly, by another reader than Usher's.
@dynamicMemberLookup
struct JSON {
  let value: Any?

  init(_ value: Any?) { self.value = value }

  init(bytes: [UInt8]) { value = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed]) }

  subscript(dynamicMember key: String) -> JSON { self[key] }
  subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key]) }

  var list: [JSON]? { (value as? [Any])?.map { JSON($0) } }
  var keys: Set<String> { Set((value as? [String: Any])?.keys.map { $0 } ?? []) }
  var text: String? { value as? String }
  var bool: Bool? { isBool ? value as? Bool : nil }
  var int: Int? { isBool ? nil : value as? Int }
  var isBool: Bool { (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false }
}
