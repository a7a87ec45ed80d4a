from django.db import migrations, models

SQLITE = (
    # Words are cut in Python. The ascii tokenizer takes every letter beyond ASCII as it is, also those that
    # the SQLite at hand does not know yet (unicode61 takes rare characters of names for gaps).
    "CREATE VIRTUAL TABLE search_words USING fts5("
    "words, content='search_document', content_rowid='id', tokenize='ascii', detail='none')",
    "CREATE TRIGGER search_words_added AFTER INSERT ON search_document BEGIN "
    "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER search_words_removed AFTER DELETE ON search_document BEGIN "
    "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER search_words_changed AFTER UPDATE ON search_document WHEN old.words <> new.words BEGIN "
    "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); "
    "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
)
POSTGRESQL = (
    "ALTER TABLE search_document ADD COLUMN lexemes tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
    "CREATE INDEX search_lexemes ON search_document USING gin (lexemes)",
)


def lay_index(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def lift_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=20)),
                ("subject_id", models.PositiveBigIntegerField()),
                ("entry", models.PositiveBigIntegerField(default=0)),
                ("day", models.DateField()),
                ("title", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("words", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["source", "subject_id"], name="document_of_subject")],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.PositiveBigIntegerField(default=0)),
                ("documents", models.PositiveIntegerField(default=0)),
                ("since", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("text", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("documents", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["-documents"], name="commonest_first")],
            },
        ),
        migrations.RunPython(lay_index, lift_index),
    ]
