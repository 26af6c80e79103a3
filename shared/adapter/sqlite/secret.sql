-- Secrets with their versions, in clear: the file is for local use and readable
-- by its owner only.
CREATE TABLE IF NOT EXISTS secret (
  name    TEXT    NOT NULL,
  version TEXT    NOT NULL,
  value   TEXT    NOT NULL,
  current INTEGER NOT NULL, -- 1 for one version of each name, 0 for the others
  PRIMARY KEY (name, version)
) WITHOUT ROWID;
