-- Messages of every queue. A message is hidden until visible; it is in flight
-- while that lies ahead and it was received.
CREATE TABLE IF NOT EXISTS message (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of sending
  queue    TEXT    NOT NULL,
  id       TEXT    NOT NULL,
  body     TEXT    NOT NULL,
  grp      TEXT    NOT NULL, -- '': none
  sent     INTEGER NOT NULL, -- milliseconds since 1970, as is visible
  visible  INTEGER NOT NULL,
  receives INTEGER NOT NULL,
  receipt  TEXT    NOT NULL  -- of the last receive; '': never received
);

CREATE INDEX IF NOT EXISTS message_due ON message (queue, visible);
CREATE INDEX IF NOT EXISTS message_order ON message (queue, seq);

-- Deduplication ids of FIFO queues and until when they are known.
CREATE TABLE IF NOT EXISTS message_dedup (
  queue TEXT    NOT NULL,
  dedup TEXT    NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (queue, dedup)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS message_dedup_expiry ON message_dedup (until);
