/// The tables and views of a warehouse in PostgreSQL. A step that was released is never changed: what is to be different
/// comes as a further step.
enum PostgresSchema {
  /// All steps so far.
  static let steps = [
    [audiences, memberships, history, changes, offsets, rejected].map(\.sql).joined() + indexes
      + [members, controls, sizes, days, dailySizes, overlaps].map(\.sql).joined()
  ]

  private static let audiences = PostgresTable(
    name: "audiences", comment: "The audiences that changes have named, each as its latest version describes it.",
    columns: [
      ("key", "text PRIMARY KEY", "the name of the audience's file"),
      ("name", "text NOT NULL", "the name that people see"),
      ("purpose", "text", "retarget, suppress, seed or measure; NULL where none is given"),
      ("version", "bigint NOT NULL", "the latest version seen"),
    ])

  private static let reason = "what brought it: event, expired, trait, stay, suppressed, definition, ..."
  private static let reasonName = "of an 'event' the event's name, of 'suppressed' and 'outranked' the other audience"

  private static let memberships = PostgresTable(
    name: "memberships",
    comment: "How each profile stands in each audience now. Those who went out stay here with status 'out': their seq "
      + "tells repeats. Who is in: status = 'in', or the view members.",
    columns: [
      ("profile", "text NOT NULL", "the profile id"),
      ("audience", "text NOT NULL", "the audience's key"),
      ("status", "text NOT NULL", "in, out, or control: kept out by a holdout alone"),
      ("since", "timestamptz NOT NULL", "when this status began"),
      ("seq", "bigint NOT NULL", "counts the changes of this profile in this audience; a lower one is a repeat"),
      ("version", "bigint NOT NULL", "the version of the definition that made the last change"),
      ("reason", "text NOT NULL", reason),
      ("reason_name", "text", reasonName),
      ("stay", "bigint", "the row of membership_history that lasts; NULL for those who are out"),
      ("traits", "jsonb", "the traits that came with the change; NULL for those who are out"),
    ], key: "profile, audience",
    // Room beside each row, so that its next change needs no new place in the index.
    parameters: "WITH (fillfactor = 80)")

  private static let history = PostgresTable(
    name: "membership_history",
    comment: "Every stay of a profile in an audience, and every time that a holdout kept it out, as intervals.",
    columns: [
      ("stay", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "counts the rows of this table"),
      ("profile", "text NOT NULL", "the profile id"),
      ("audience", "text NOT NULL", "the audience's key"),
      ("status", "text NOT NULL", "in, or control: kept out by a holdout alone"),
      (
        "version", "bigint NOT NULL", "the version of the definition at the entry; at the exit where no entry came here"
      ),
      ("entered_at", "timestamptz NOT NULL", "when it began"),
      ("entry_reason", "text", "what brought the entry; NULL where the entry never came here"),
      ("entry_reason_name", "text", "the event, or the other audience"),
      ("exited_at", "timestamptz", "when it ended; NULL while it lasts"),
      ("exit_reason", "text", "what brought the exit; NULL while it lasts, or where the exit never came here"),
      ("exit_reason_name", "text", "the event, or the other audience"),
    ])

  private static let changes = PostgresTable(
    name: "changes", comment: "Every change that came, once.",
    columns: [
      ("message_id", "text NOT NULL", "the same change always has the same id"),
      ("changed_at", "timestamptz NOT NULL", "when the change took effect"),
      ("profile", "text NOT NULL", "the profile id"),
      ("audience", "text NOT NULL", "the audience's key"),
      ("version", "bigint NOT NULL", "the version of the definition"),
      ("change", "text NOT NULL", "entered, exited, held_out or holdout_ended"),
      ("status", "text NOT NULL", "how the profile stood afterwards: in, out or control"),
      ("seq", "bigint NOT NULL", "counts the changes of this profile in this audience, from 1"),
      ("event", "text NOT NULL", "the audience's own name for the change"),
      ("reason", "text NOT NULL", reason),
      ("reason_name", "text", reasonName),
      ("entered_at", "timestamptz", "of an exit: when the stay that it ends began"),
      ("email", "text", "the profile's email, where the audience asks for it"),
      ("phone", "text", "the profile's phone number (E.164), where the audience asks for it"),
      ("traits", "jsonb", "what else the audience includes; NULL where there is nothing"),
      ("source_partition", "bigint NOT NULL", "where in the topic of events the change came about"),
      ("source_offset", "bigint NOT NULL", "the offset of the event that brought it, or moved the clock to it"),
      ("source_clock", "timestamptz NOT NULL", "where that partition's clock stood"),
      ("emitted_at", "timestamptz", "when the change was written to its topic"),
    ], key: "profile, audience, seq")

  private static let offsets = PostgresTable(
    name: "delivered_offsets",
    comment:
      "How far each partition is in this database. Written together with its changes: the worker goes on from here.",
    columns: [
      ("topic", "text NOT NULL", "the topic's name"),
      ("partition", "integer NOT NULL", "the partition's number, from 0"),
      ("next_offset", "bigint NOT NULL", "the offset of the next record to read"),
    ], key: "topic, partition")

  private static let rejected = PostgresTable(
    name: "rejected_records", comment: "Records that are no changes, whole. They may hold personal data.",
    columns: [
      ("topic", "text NOT NULL", "the topic's name"),
      ("partition", "integer NOT NULL", "the partition's number, from 0"),
      ("\"offset\"", "bigint NOT NULL", "the record's offset"),
      ("reason", "text NOT NULL", "a short code: json, type, delete, empty, field, or value"),
      ("explanation", "text NOT NULL", "why, in words"),
      ("key", "bytea", "the record's key as it came; NULL where it had none"),
      ("value", "bytea", "the record's value as it came; NULL where it had none"),
    ], key: "topic, partition, \"offset\"")

  private static let indexes = """
    CREATE INDEX membership_history_by_profile ON membership_history (profile);

    """
}

extension PostgresSchema {
  private static let members = PostgresView(
    name: "members", comment: "Who is in which audience now, with the traits that came with the entry.",
    columns: [
      ("audience", "the audience's key"), ("profile", "the profile id"), ("since", "when the profile entered"),
      ("version", "the version of the definition then"), ("reason", "what brought the entry"),
      ("reason_name", "the event, or the other audience"), ("traits", "what the audience includes"),
    ],
    query: """
      SELECT audience, profile, since, version, reason, reason_name, traits FROM memberships WHERE status = 'in'
      """)

  private static let controls = PostgresView(
    name: "controls", comment: "Who is kept out of which audience now by its holdout alone.",
    columns: [
      ("audience", "the audience's key"), ("profile", "the profile id"), ("since", "since when"),
      ("version", "the version of the definition then"), ("traits", "what the audience includes"),
    ],
    query: "SELECT audience, profile, since, version, traits FROM memberships WHERE status = 'control'")

  private static let sizes = PostgresView(
    name: "audience_sizes",
    comment: "How many are in each audience now, how many its holdout keeps out, and how many were in and left.",
    columns: [
      ("audience", "the audience's key"), ("name", "the name that people see"), ("purpose", "what it is for"),
      ("version", "the latest version seen"), ("members", "how many are in"),
      ("controls", "how many the holdout keeps out"), ("former", "how many were in, or held out, and are no longer"),
    ],
    query: """
      SELECT key, name, purpose, a.version, count(*) FILTER (WHERE status = 'in'),
        count(*) FILTER (WHERE status = 'control'), count(*) FILTER (WHERE status = 'out')
      FROM audiences a LEFT JOIN memberships m ON m.audience = a.key GROUP BY key
      """)

  private static let days = PostgresView(
    name: "audience_days", comment: "What happened in each audience by day (UTC).",
    columns: [
      ("day", "the day"), ("audience", "the audience's key"), ("entries", "how many entered"),
      ("exits", "how many left"), ("held_out", "how many a holdout began to keep out"),
      ("holdouts_ended", "how many a holdout ceased to keep out"),
    ],
    query: """
      SELECT (changed_at AT TIME ZONE 'UTC')::date, audience, count(*) FILTER (WHERE change = 'entered'),
        count(*) FILTER (WHERE change = 'exited'), count(*) FILTER (WHERE change = 'held_out'),
        count(*) FILTER (WHERE change = 'holdout_ended')
      FROM changes GROUP BY 1, 2
      """)

  private static let dailySizes = PostgresView(
    name: "audience_daily_sizes",
    comment:
      "How many were in each audience, and how many its holdout kept out, at the end of each day (UTC), from the "
      + "day of its first change to that of the latest change of all.",
    columns: [
      ("day", "the day"), ("audience", "the audience's key"), ("members", "how many were in"),
      ("controls", "how many the holdout kept out"),
    ],
    query: """
      WITH moves AS (
        SELECT (entered_at AT TIME ZONE 'UTC')::date AS day, audience, status, 1 AS step FROM membership_history
        UNION ALL
        SELECT (exited_at AT TIME ZONE 'UTC')::date, audience, status, -1 FROM membership_history
        WHERE exited_at IS NOT NULL
      ), steps AS (
        SELECT day, audience, sum(step) FILTER (WHERE status = 'in') AS members,
          sum(step) FILTER (WHERE status = 'control') AS controls
        FROM moves GROUP BY 1, 2
      ), days AS (
        SELECT audience, generate_series(min(day), (SELECT max(day) FROM moves), '1 day')::date AS day
        FROM moves GROUP BY audience
      )
      SELECT day, audience, coalesce(sum(members) OVER upto, 0)::bigint, coalesce(sum(controls) OVER upto, 0)::bigint
      FROM days LEFT JOIN steps USING (audience, day) WINDOW upto AS (PARTITION BY audience ORDER BY day)
      """)

  private static let overlaps = PostgresView(
    name: "audience_overlaps",
    comment: "How many are in two audiences at once now, for every two that share somebody.",
    columns: [
      ("audience", "the one audience's key"), ("other", "the other's"), ("shared", "how many are in both"),
      ("share", "how much of the first that is, from 0 to 1"),
      ("other_share", "how much of the other that is, from 0 to 1"),
    ],
    query: """
      WITH inside AS (SELECT profile, audience FROM memberships WHERE status = 'in'),
        sizes AS (SELECT audience, count(*) AS size FROM inside GROUP BY audience),
        pairs AS (
          SELECT a.audience, b.audience AS other, count(*) AS shared
          FROM inside a JOIN inside b ON a.profile = b.profile AND a.audience < b.audience GROUP BY 1, 2
        )
      SELECT p.audience, p.other, p.shared, p.shared::double precision / a.size, p.shared::double precision / b.size
      FROM pairs p JOIN sizes a ON a.audience = p.audience JOIN sizes b ON b.audience = p.other
      """)
}
