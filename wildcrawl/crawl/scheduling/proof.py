"""What a check's job leaves in the store: that it ran, where, and with which code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.store import Store

SPIDER = "deploy_check"
_KIND = "deploy_checks"


@dataclass(frozen=True)
class Proof:
    """The result of one check's job."""

    job: str
    place: str
    """The file from which the project's package was loaded."""
    code: list[str]
    """The marks of its code, each "FILE MARK"."""
    kept: int
    """Advertisements that went through all pipelines into a store."""
    health: str
    reason: str

    @property
    def marks(self) -> dict[str, str]:
        """File to mark, as `code_marks` gives them."""
        return dict(each.split(" ", 1) for each in self.code)


def job_id(node: str, token: str) -> str:
    """The id of a check's job; the node's name in it is where the proof is kept."""
    return f"check-{token}-{node}"


def keep_proof(store: Store, proof: Proof) -> None:
    """Keeps a proof in place of the node's last one."""
    store.keep(_KIND, {_key(proof.job): asdict(proof)})


def find_proof(store: Store, job: str) -> Proof | None:
    """The proof that the job `job` left; None if it left none in this store."""
    document = store.kept(_KIND).get(_key(job))
    if document is None or document["job"] != job:
        return None
    return Proof(**document)


def _key(job: str) -> str:
    return job.split("-", 2)[-1] or "none"
