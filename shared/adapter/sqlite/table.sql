-- Rows of every table. Keys compare byte by byte, as DynamoDB's do.
CREATE TABLE IF NOT EXISTS item (
  tab     TEXT    NOT NULL,
  pk      TEXT    NOT NULL,
  sk      TEXT    NOT NULL,
  doc     BLOB    NOT NULL,
  token   TEXT    NOT NULL,
  expires INTEGER NOT NULL, -- milliseconds since 1970; 0: never
  PRIMARY KEY (tab, pk, sk)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS item_expiry ON item (expires) WHERE expires > 0;
