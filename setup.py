"""Puts keywords.yaml inside the package, so that wheels and scrapyd's eggs carry it."""

from pathlib import Path
from shutil import copyfile

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithKeywords(build_py):
    """In a checkout keywords.yaml stands at the top, where analysts edit it."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "wildcrawl", "keywords.yaml")
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(Path(__file__).parent / "keywords.yaml", target)


setup(cmdclass={"build_py": BuildWithKeywords})
