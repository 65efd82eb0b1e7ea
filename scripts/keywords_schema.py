"""JSON Schema of keywords.yaml: writes the file that its first line refers to."""

from pathlib import Path

from wildcrawl.analysis.vocabulary import schema
from wildcrawl.utils import atomic_write

if __name__ == "__main__":
    path = Path(schema.__file__).with_name("keywords.schema.json")
    atomic_write(path, schema.json_schema().encode())
