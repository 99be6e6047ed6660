/// The statements that bring a batch into the tables, all its records at a time. What they read was copied into
/// `incoming`, where `change` is NULL for the erasure of a profile.
enum PostgresStatements {
  /// Where a batch is copied to; its rows go with the transaction.
  static let incoming = """
    CREATE TEMP TABLE incoming (
      number integer, message_id text, changed_at timestamptz, profile text, audience text,
      version bigint, change text, status text, seq bigint, event text, reason text, reason_name text,
      entered_at timestamptz, email text, phone text, traits jsonb, source_partition bigint, source_offset bigint,
      source_clock timestamptz, emitted_at timestamptz
    ) ON COMMIT DELETE ROWS
    """

  /// Erases profiles whole, and what the batch tells of them before that.
  ///
  /// Gives how many profiles there was anything of, and how many of the batch's changes went with them.
  static let erase = """
    WITH gone AS (
      SELECT profile, max(number) AS number FROM incoming WHERE change IS NULL GROUP BY profile
    ), of_changes AS (
      DELETE FROM changes t USING gone WHERE t.profile = gone.profile RETURNING t.profile
    ), of_history AS (
      DELETE FROM membership_history t USING gone WHERE t.profile = gone.profile RETURNING t.profile
    ), of_memberships AS (
      DELETE FROM memberships t USING gone WHERE t.profile = gone.profile RETURNING t.profile
    ), of_rejected AS (
      DELETE FROM rejected_records t USING gone WHERE t.key = convert_to(gone.profile, 'UTF8') RETURNING gone.profile
    ), of_incoming AS (
      DELETE FROM incoming t USING gone WHERE t.profile = gone.profile AND t.number <= gone.number
      RETURNING t.profile, t.change
    )
    SELECT (
      SELECT count(*) FROM (
        SELECT profile FROM of_changes UNION SELECT profile FROM of_history UNION SELECT profile FROM of_memberships
        UNION SELECT profile FROM of_rejected UNION SELECT profile FROM of_incoming WHERE change IS NOT NULL
      ) AS profiles
    ), (SELECT count(*) FROM of_incoming WHERE change IS NOT NULL)
    """

  /// Notes how a change describes its audience, unless a later version is known.
  static let audience = """
    INSERT INTO audiences (key, name, purpose, version) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO UPDATE
    SET name = excluded.name, purpose = excluded.purpose, version = excluded.version
    WHERE excluded.version >= audiences.version
    """

  /// Keeps the batch's changes, and moves memberships and their history on.
  ///
  /// A change counts once, by profile, audience and `seq`. It moves a membership where its `seq` is above that of the
  /// membership and of those before it in the batch. Of these moves each that begins a stay opens one, and closes the one
  /// that is open, if its end never came; each that ends one closes it, and where none is open writes it whole, from what
  /// the change tells. Gives how many changes were new, and how many moved something.
  static let apply = """
    WITH moved AS MATERIALIZED (
      SELECT c.*, change IN ('entered', 'held_out') AS begins,
        CASE WHEN change IN ('entered', 'exited') THEN 'in' ELSE 'control' END AS stay_status,
        CASE WHEN row_number() OVER w = 1 THEN open_stay END AS closes,
        row_number() OVER w = 1 AND open_stay IS NOT NULL
          OR coalesce(lag(change) OVER w IN ('entered', 'held_out'), false) AS follows_stay,
        lead(change) OVER w AS next_change, lead(changed_at) OVER w AS next_at, lead(reason) OVER w AS next_reason,
        lead(reason_name) OVER w AS next_reason_name
      FROM (
        SELECT i.*, m.stay AS open_stay, m.seq AS stood, max(i.seq) OVER (
          PARTITION BY profile, audience ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM incoming i LEFT JOIN memberships m USING (profile, audience)
      ) AS c
      WHERE seq > greatest(coalesce(before, 0), coalesce(stood, 0))
      WINDOW w AS (PARTITION BY profile, audience ORDER BY number)
    ), kept AS (
      INSERT INTO changes (message_id, changed_at, profile, audience, version, change, status, seq, event, reason,
        reason_name, entered_at, email, phone, traits, source_partition, source_offset, source_clock, emitted_at)
      SELECT message_id, changed_at, profile, audience, version, change, status, seq, event, reason, reason_name,
        entered_at, email, phone, traits, source_partition, source_offset, source_clock, emitted_at
      FROM incoming ORDER BY profile, audience, seq, number
      ON CONFLICT DO NOTHING RETURNING 1
    ), closed AS (
      UPDATE membership_history h SET exited_at = changed_at,
        exit_reason = CASE WHEN NOT begins THEN reason END, exit_reason_name = CASE WHEN NOT begins THEN reason_name END
      FROM moved WHERE h.stay = closes
    ), begun AS (
      INSERT INTO membership_history (profile, audience, status, version, entered_at, entry_reason, entry_reason_name,
        exited_at, exit_reason, exit_reason_name)
      SELECT profile, audience, stay_status, version, changed_at, reason, reason_name, next_at,
        CASE WHEN next_change IN ('exited', 'holdout_ended') THEN next_reason END,
        CASE WHEN next_change IN ('exited', 'holdout_ended') THEN next_reason_name END
      FROM moved WHERE begins
      UNION ALL
      SELECT profile, audience, stay_status, version, coalesce(entered_at, changed_at), NULL, NULL, changed_at, reason,
        reason_name
      FROM moved WHERE NOT begins AND NOT follows_stay
      RETURNING stay, profile, audience, exited_at
    ), stood AS (
      INSERT INTO memberships (profile, audience, status, since, seq, version, reason, reason_name, stay, traits)
      SELECT profile, audience, status, changed_at, seq, version, reason, reason_name, lasting.stay,
        CASE WHEN begins THEN traits END
      FROM moved LEFT JOIN (
        SELECT stay, profile, audience FROM begun WHERE exited_at IS NULL
      ) AS lasting USING (profile, audience)
      WHERE next_change IS NULL
      ON CONFLICT (profile, audience) DO UPDATE SET status = excluded.status, since = excluded.since, seq = excluded.seq,
        version = excluded.version, reason = excluded.reason, reason_name = excluded.reason_name, stay = excluded.stay,
        traits = excluded.traits
      WHERE excluded.seq > memberships.seq
    )
    SELECT (SELECT count(*) FROM kept), (SELECT count(*) FROM moved)
    """
}
