"""The database's part of search, for the migrations that put it there."""

WORDS = """
CREATE OR REPLACE FUNCTION tandem_words(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT word FROM regexp_split_to_table({fold}(name), '[^[:alnum:]]+') AS word
  WHERE length(word) BETWEEN 4 AND 60 AND word !~ '[0-9\u2e80-\u9fff\uf900-\ufaff]'
$$;
"""
# The pairs of neighbouring Chinese characters; names in other scripts leave at the first line.
FUNCTIONS = """
CREATE FUNCTION tandem_bigrams(name text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found text[] := '{}'; pair text;
BEGIN
  IF octet_length(name) = length(name) OR name !~ '[\u2e80-\u9fff\uf900-\ufaff]' THEN RETURN found; END IF;
  FOR i IN 1 .. length(name) - 1 LOOP
    pair := substr(name, i, 2);
    IF pair ~ '^[\u2e80-\u9fff\uf900-\ufaff]{2}$' THEN found := found || pair; END IF;
  END LOOP;
  RETURN found;
END $$;
CREATE FUNCTION tandem_near(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT left(word, i) || substr(word, i + 2)) || word FROM generate_series(0, length(word) - 1) AS i
$$;
""" + WORDS.replace("{fold}", "upper").replace("OR REPLACE ", "")
NO_FUNCTIONS = """
DROP FUNCTION tandem_words(text); DROP FUNCTION tandem_near(text); DROP FUNCTION tandem_bigrams(text);
"""
# A name as it is compared, the database's part of `ui.spelling.folded`, in capitals: most names leave at one of the first lines.
# In plpgsql, since the planner would read a body of SQL anew for each name that a statement compares.
FOLDED = r"""
CREATE FUNCTION tandem_folded(name text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF octet_length(name) = length(name) THEN RETURN upper(name); END IF;
  IF name !~ '[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]' THEN
    RETURN translate(upper(name), 'Ё’‘ʼ´', $q$Е''''$q$);
  END IF;
  RETURN replace(replace(replace(replace(translate(normalize(regexp_replace(
    normalize(upper(name), NFD), '([A-Z])[\u0300-\u036f]+', '\1', 'g'), NFC),
    'ЁØŁĐ’‘ʼ´', $q$ЕOLD''''$q$), 'ß', 'SS'), 'ẞ', 'SS'), 'Æ', 'AE'), 'Œ', 'OE');
END $$;
"""
NOT_FOLDED = "DROP FUNCTION tandem_folded(text);"
# A word that came is learned; one that went is forgotten unless somebody else still carries it, so that nothing is left
# of an erased name. Of many rows at once (an import undone) words are kept: to ask after each would take minutes.
LEARNING = """
CREATE OR REPLACE FUNCTION {table}_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE came text[] := '{{}}'; went text[] := '{{}}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    came := ARRAY(SELECT DISTINCT tandem_words({column}) FROM new_rows);
  ELSIF TG_OP = 'DELETE' THEN
    went := ARRAY(SELECT DISTINCT tandem_words({column}) FROM old_rows);
  ELSE
    came := ARRAY(SELECT DISTINCT tandem_words(n.{column})
      FROM new_rows n JOIN old_rows o USING (id) WHERE n.{column} <> o.{column});
    went := ARRAY(SELECT DISTINCT tandem_words(o.{column})
      FROM new_rows n JOIN old_rows o USING (id) WHERE n.{column} <> o.{column});
  END IF;
  INSERT INTO pipeline_searchword (word, near)
  SELECT word, tandem_near(word) FROM unnest(came) AS fresh (word)
  WHERE NOT EXISTS (SELECT FROM pipeline_searchword known WHERE known.word = fresh.word);
  IF cardinality(went) <= 100 THEN
    DELETE FROM pipeline_searchword w USING unnest(went) AS gone (word)
    WHERE w.word = gone.word
      AND NOT EXISTS (SELECT FROM pipeline_contact c WHERE {fold}(c.full_name::text) LIKE '%' || gone.word || '%')
      AND NOT EXISTS (SELECT FROM pipeline_company c WHERE {fold}(c.name::text) LIKE '%' || gone.word || '%')
      AND NOT EXISTS (SELECT FROM pipeline_deal d WHERE {fold}(d.name::text) LIKE '%' || gone.word || '%')
      AND NOT EXISTS (SELECT FROM pipeline_campaign c WHERE {fold}(c.name::text) LIKE '%' || gone.word || '%');
  END IF;
  RETURN NULL;
END $$;
"""
LEARNT = """
INSERT INTO pipeline_searchword (word, near)
SELECT word, tandem_near(word) FROM (SELECT DISTINCT tandem_words({column}) AS word FROM {table}) found
WHERE NOT EXISTS (SELECT FROM pipeline_searchword known WHERE known.word = found.word);
"""
WORDS_OF = (
    LEARNING.replace("{fold}", "upper")
    + """
CREATE TRIGGER words_come AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_words();
CREATE TRIGGER words_go AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_words();
CREATE TRIGGER words_change AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_words();
"""
    + LEARNT
)
NO_WORDS_OF = """
DROP TRIGGER words_come ON {table}; DROP TRIGGER words_go ON {table}; DROP TRIGGER words_change ON {table};
DROP FUNCTION {table}_words();
"""
NAMED = {
    "pipeline_contact": "full_name",
    "pipeline_company": "name",
    "pipeline_deal": "name",
    "pipeline_campaign": "name",
}
# Set-based, where much goes at once: what nobody carries any more leaves the vocabulary.
FORGET = "DELETE FROM pipeline_searchword WHERE word NOT IN ({words})".format(
    words=" UNION ".join(f"SELECT tandem_words({column}) FROM {table}" for table, column in NAMED.items())
)
