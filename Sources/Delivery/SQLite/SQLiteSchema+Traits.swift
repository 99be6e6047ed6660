extension SQLiteSchema {
  /// The second step: the included traits under their own name and beside current memberships, views that tell members
  /// and controls apart, and indexes by which everything of a profile is found when it is erased.
  static let traitsAndErasure = """
    DROP VIEW members;
    DROP VIEW audience_sizes;
    DROP VIEW audience_days;

    ALTER TABLE changes RENAME COLUMN included TO traits;
    CREATE INDEX changes_by_profile ON changes (profile);
    CREATE INDEX membership_history_by_profile ON membership_history (profile);

    CREATE TABLE memberships_2 (
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
      traits TEXT,               -- the traits that came with the change, as a JSON object; NULL for those who are out
      PRIMARY KEY (profile, audience)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO memberships_2
      SELECT profile, audience, status, since, seq, version, reason, reason_name, stay, NULL FROM memberships;
    DROP TABLE memberships;
    ALTER TABLE memberships_2 RENAME TO memberships;

    CREATE VIEW members AS
      -- Who is in which audience now, with the traits that came with the entry.
      SELECT audience, profile, since, version, reason, reason_name, traits FROM memberships WHERE status = 'in';

    CREATE VIEW controls AS
      -- Who is kept out of which audience now by its holdout alone.
      SELECT audience, profile, since, version, traits FROM memberships WHERE status = 'control';

    CREATE VIEW audience_sizes AS
      -- How many are in each audience now, how many its holdout keeps out, and how many were in and left.
      SELECT key AS audience, name, purpose, version, coalesce(members, 0) AS members,
        coalesce(controls, 0) AS controls, coalesce(former, 0) AS former
      FROM audiences LEFT JOIN (
        SELECT audience, count(*) FILTER (WHERE status = 'in') AS members,
          count(*) FILTER (WHERE status = 'control') AS controls, count(*) FILTER (WHERE status = 'out') AS former
        FROM memberships GROUP BY audience
      ) AS sizes ON sizes.audience = audiences.key;

    CREATE VIEW audience_days AS
      -- What happened in each audience by day (UTC).
      SELECT substr(changed_at, 1, 10) AS day, audience, count(*) FILTER (WHERE change = 'entered') AS entries,
        count(*) FILTER (WHERE change = 'exited') AS exits,
        count(*) FILTER (WHERE change = 'held_out') AS held_out,
        count(*) FILTER (WHERE change = 'holdout_ended') AS holdouts_ended
      FROM changes GROUP BY day, audience;
    """
}
