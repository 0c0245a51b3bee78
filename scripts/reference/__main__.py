"""Write the generated reference pages."""

import asyncio

from scripts.reference.pages import FOLDER, pages


def main() -> None:
    """Write each page that is not as it should be."""
    for name, text in asyncio.run(pages()).items():
        file = FOLDER / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            print(f"wrote {file}")


if __name__ == "__main__":
    main()
