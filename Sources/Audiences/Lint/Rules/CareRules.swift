import YAML

/// Rules about what a team needs to know of an audience.
extension LintRule {
  static let noOwner = LintRule(
    "U010", "No owner",
    """
    Sooner or later somebody must ask whether an audience is still right, and whom to ask should not be a matter of \
    memory.

    Give 'owner' an address that outlives people, such as the team's.
    """
  ) { $0.missing("owner", "nobody owns this audience", expected: "'owner:' with the address of a team") }

  static let noGoal = LintRule(
    "U011", "No goal",
    """
    Without a goal nobody can tell whether an audience works, or whether it may go.

    Say in 'goal' what it is to bring about, in a sentence.
    """
  ) { $0.missing("goal", "nothing says what this audience is to bring about", expected: "'goal:' with a sentence") }

  static let nameOffForm = LintRule(
    "U012", "A name off the policy's form",
    """
    Names are what people see in ad accounts and reports, where nothing else tells audiences apart. The policy's \
    'naming' says what they look like, and this one does not.

    Change 'name', or the policy where the form is outlived.
    """
  ) { subject in
    guard let form = subject.shop.project.policy.naming, subject.file.node("name") != nil,
      let pattern = try? Regex(form), (try? pattern.firstMatch(in: subject.audience.name)) == nil
    else { return [] }
    return subject.warning(
      at: "name", "the name \(Quoted.of(subject.audience.name)) is not of the policy's form",
      expected: "a name that matches \(form)")
  }

  static let retiredButSent = LintRule(
    "U013", "Retired, and still sent",
    """
    From 'retire_on' on nobody is in the audience. Destinations that still have it show an empty list, and what is \
    built on it there runs on without people.

    Remove the audience's file, or empty its 'to', once everyone has left.
    """
  ) { subject in
    guard let end = subject.audience.retireOn, end <= subject.shop.now,
      subject.audience.to != AudienceDestinations()
    else { return [] }
    return subject.warning(
      at: "retire_on", "the audience has been retired since \(DateWords.of(end)), and is still sent",
      expected: "no file of this audience any more, or no destinations in 'to'")
  }

  static let identifiersToAds = LintRule(
    "U014", "Identifiers to ads beyond what matching needs",
    """
    Ad platforms find people by what the destination is set up to send: hashed, and no more than it takes. What stands \
    in 'include' goes along as it is: a name or an address in clear, to a company that has no use for it and no right \
    to it.

    Take it out of 'include', or the platforms out of 'to'; keep a second audience for the tools that need it.
    """
  ) { subject in
    guard !subject.audience.to.ads.isEmpty else { return [] }
    return ["entry", "exit"].flatMap { key -> [LintWarning] in
      let traits = subject.file.node(key)?["include"]?.sequence ?? []
      return traits.compactMap { node in
        guard let name = node.scalar?.text, Identifiers.contains(name) else { return nil }
        return LintWarning(
          place: node.place, message: "\(Quoted.of(name)) tells who somebody is, and goes to ad platforms as it is",
          expected: "an 'include' without it; matching takes identifiers from the profile, hashed")
      }
    }
  }

  static let noName = LintRule(
    "U015", "No name",
    """
    Without 'name', destinations and reports show the file's name.

    Give it a name that people outside the team understand.
    """
  ) { $0.missing("name", "the audience has no name but its key", expected: "'name:' that people understand") }

  static let noVersion = LintRule(
    "U016", "No version",
    """
    Every change that is published carries the audience's version, so that later the people of one logic can be told \
    from those of another. Without one it is 1 for ever.

    Write 'version: 1', and raise it with every change of logic; 'usher check --lock' holds everyone to it.
    """
  ) { $0.missing("version", "the audience has no version", expected: "'version: 1', raised with each change of logic") }

  static let noDestination = LintRule(
    "U017", "Used nowhere",
    """
    The audience is sent nowhere, and no other audience and no suppression looks at it. Its state is kept for nothing.

    Say in 'to' who gets it, as in 'to: { warehouse: all }', or remove the file.
    """
  ) { subject in
    let key = subject.audience.key
    guard subject.audience.to == AudienceDestinations() else { return [] }
    let isUsed = subject.shop.project.audiences.contains { other in
      other.unless.contains(key) || Mentions(of: other.condition).audiences.contains(key)
    }
    guard !isUsed, !subject.shop.project.policy.suppression.audiences.contains(key) else { return [] }
    return subject.warning(
      at: "to", "nobody gets this audience, and nothing uses it", expected: "'to:' with a destination")
  }

  static let noPurpose = LintRule(
    "U018", "No purpose",
    """
    What is right for an audience depends on its use: those made to sell need an end and a purchase exit, and the \
    policy's suppression applies by purpose. Without one, none of that is looked at.

    Say 'purpose: retarget', 'suppress', 'seed' or 'measure'.
    """
  ) {
    $0.missing(
      "purpose", "nothing says what this audience is used for",
      expected: "'purpose:' retarget, suppress, seed or measure")
  }
}

extension LintSubject {
  /// A warning where a key is not given.
  fileprivate func missing(_ key: String, _ message: String, expected: String) -> [LintWarning] {
    file.node(key) == nil ? warning(at: key, message, expected: expected) : []
  }
}

/// Traits that tell who somebody is.
enum Identifiers {
  private static let names: Set<String> = [
    "email", "phone", "mobile", "name", "firstname", "lastname", "fullname", "username", "address", "street", "zip",
    "zipcode", "postalcode", "postcode", "birthday", "birthdate", "dateofbirth", "ip", "ipaddress", "userid",
    "customerid", "externalid", "deviceid", "passport", "taxid", "ssn",
  ]

  /// Without regard to case and to what stands between words.
  static func contains(_ trait: String) -> Bool {
    names.contains(trait.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " })
  }
}
