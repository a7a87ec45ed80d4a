from django.db import migrations

# The newest rows with some words are looked for in one piece of time after another. The key of a row begins
# with its day, so its first bits number the piece of 8, 32, 128, 512 or 2048 days in which it lies.
MARKS = ", ".join(f"'·time·{bits}·' || (id >> {bits})::text" for bits in (33, 35, 37, 39, 41))
MARKED = f"string_to_array(words, ' ') || ARRAY[{MARKS}]"
PLAIN = "string_to_array(words, ' ')"


def lay(words):
    def laid(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            return
        for statement in (
            "ALTER TABLE search_document DROP COLUMN lexemes",  # and its index with it
            "ALTER TABLE search_document ADD COLUMN lexemes tsvector "
            f"GENERATED ALWAYS AS (array_to_tsvector({words})) STORED",
            "CREATE INDEX search_lexemes ON search_document USING gin (lexemes)",
            "ANALYZE search_document",
        ):
            schema_editor.execute(statement, params=None)

    return laid


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(lay(MARKED), lay(PLAIN))]
