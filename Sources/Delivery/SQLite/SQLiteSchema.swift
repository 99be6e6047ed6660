/// The embedded warehouse's tables and views. `sqlite_master` keeps the text with its comments: whoever opens the file
/// finds there what each table and column means.
enum SQLiteSchema {
  /// All steps so far. `0x55534852` is "USHR".
  static let migrations = SQLiteMigrations(
    applicationId: 0x5553_4852, steps: [memberships + changes + delivery + views, traitsAndErasure])

  private static let memberships = """
    CREATE TABLE audiences (
      -- The audiences that changes have named, each as its latest version describes it.
      key TEXT NOT NULL PRIMARY KEY,  -- the name of the audience's file
      name TEXT NOT NULL,             -- the name that people see
      purpose TEXT,                   -- retarget, suppress, seed or measure; NULL where none is given
      version INTEGER NOT NULL        -- the latest version seen
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE memberships (
      -- How each profile stands in each audience now. Those who went out stay here with status 'out': their seq tells
      -- repeats. Who is in: status = 'in', or the view members.
      profile TEXT NOT NULL,     -- the profile id
      audience TEXT NOT NULL REFERENCES audiences (key),
      status TEXT NOT NULL,      -- in, out, or control: kept out by a holdout alone
      since TEXT NOT NULL,       -- when this status began, UTC
      seq INTEGER NOT NULL,      -- counts the changes of this profile in this audience; a lower one is a repeat
      version INTEGER NOT NULL,  -- the version of the definition that made the last change
      reason TEXT NOT NULL,      -- what brought the last change: event, expired, trait, stay, suppressed, definition, ...
      reason_name TEXT,          -- of an 'event' the event's name, of 'suppressed' and 'outranked' the other audience
      stay INTEGER,              -- the row of membership_history that lasts; NULL for those who are out
      PRIMARY KEY (profile, audience)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE membership_history (
      -- Every stay of a profile in an audience, and every time that a holdout kept it out.
      stay INTEGER PRIMARY KEY,     -- counts the rows of this table
      profile TEXT NOT NULL,        -- the profile id
      audience TEXT NOT NULL REFERENCES audiences (key),
      status TEXT NOT NULL,         -- in, or control: kept out by a holdout alone
      version INTEGER NOT NULL,     -- the version of the definition at the entry; at the exit where no entry came here
      entered_at TEXT NOT NULL,     -- when it began, UTC
      entry_reason TEXT,            -- what brought the entry; NULL where the entry never came here
      entry_reason_name TEXT,       -- the event, or the other audience
      exited_at TEXT,               -- when it ended, UTC; NULL while it lasts
      exit_reason TEXT,             -- what brought the exit; NULL while it lasts, or where the exit never came here
      exit_reason_name TEXT         -- the event, or the other audience
    ) STRICT;

    """

  private static let changes = """
    CREATE TABLE changes (
      -- Every change that came, once, in the order in which they came.
      number INTEGER PRIMARY KEY,        -- counts the rows of this table
      message_id TEXT NOT NULL UNIQUE,   -- the same change always has the same id
      changed_at TEXT NOT NULL,          -- when the change took effect, UTC
      profile TEXT NOT NULL,             -- the profile id
      audience TEXT NOT NULL REFERENCES audiences (key),
      version INTEGER NOT NULL,          -- the version of the definition
      change TEXT NOT NULL,              -- entered, exited, held_out or holdout_ended
      status TEXT NOT NULL,              -- how the profile stood afterwards: in, out or control
      seq INTEGER NOT NULL,              -- counts the changes of this profile in this audience, from 1
      event TEXT NOT NULL,               -- the audience's own name for the change
      reason TEXT NOT NULL,              -- what brought it: event, expired, trait, stay, suppressed, definition, ...
      reason_name TEXT,                  -- of an 'event' the event's name, of 'suppressed' and 'outranked' the audience
      entered_at TEXT,                   -- of an exit: when the stay that it ends began, UTC
      email TEXT,                        -- the profile's email, where the audience asks for it
      phone TEXT,                        -- the profile's phone number (E.164), where the audience asks for it
      included TEXT,                     -- what else the audience includes, as a JSON object; NULL where there is nothing
      source_partition INTEGER NOT NULL, -- where in the topic of events the change came about
      source_offset INTEGER NOT NULL,    -- the offset of the event that brought it, or moved the clock to it
      source_clock TEXT NOT NULL,        -- where that partition's clock stood, UTC
      emitted_at TEXT                    -- when the change was written to its topic, UTC
    ) STRICT;

    """

  private static let delivery = """
    CREATE TABLE delivered_offsets (
      -- How far each partition is in this database. Written together with its changes: the worker goes on from here.
      topic TEXT NOT NULL,             -- the topic's name
      partition INTEGER NOT NULL,      -- the partition's number, from 0
      next_offset INTEGER NOT NULL,    -- the offset of the next record to read
      PRIMARY KEY (topic, partition)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE rejected_records (
      -- Records that are no changes, whole. They may hold personal data.
      topic TEXT NOT NULL,             -- the topic's name
      partition INTEGER NOT NULL,      -- the partition's number, from 0
      "offset" INTEGER NOT NULL,       -- the record's offset
      reason TEXT NOT NULL,            -- a short code: json, type, delete, empty, or field
      explanation TEXT NOT NULL,       -- why, in words
      key BLOB,                        -- the record's key as it came; NULL where it had none
      value BLOB,                      -- the record's value as it came; NULL where it had none
      PRIMARY KEY (topic, partition, "offset")
    ) STRICT, WITHOUT ROWID;

    """

  private static let views = """
    CREATE VIEW members AS
      -- Who is in which audience now.
      SELECT audience, profile, since, version, reason, reason_name FROM memberships WHERE status = 'in';

    CREATE VIEW audience_sizes AS
      -- How many are in each audience now, how many a holdout keeps out, and how many have been in and left.
      SELECT key AS audience, name, purpose, version, coalesce(members, 0) AS members,
        coalesce(controls, 0) AS controls, coalesce(former, 0) AS former
      FROM audiences LEFT JOIN (
        SELECT audience, count(*) FILTER (WHERE status = 'in') AS members,
          count(*) FILTER (WHERE status = 'control') AS controls, count(*) FILTER (WHERE status = 'out') AS former
        FROM memberships GROUP BY audience
      ) AS sizes ON sizes.audience = audiences.key;

    CREATE VIEW audience_days AS
      -- Entries and exits of each audience by day (UTC).
      SELECT substr(changed_at, 1, 10) AS day, audience, count(*) FILTER (WHERE change = 'entered') AS entries,
        count(*) FILTER (WHERE change = 'exited') AS exits
      FROM changes GROUP BY day, audience;
    """
}
