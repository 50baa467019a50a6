"""The laws as predicates that yield margins, each with its definition and whether it gates."""

from collections.abc import Mapping
from types import MappingProxyType

from properties.laws import aggregators, cagrad_mgda, gradops, others, symmetries
from properties.laws.law import Law, UnansweredError

LAWS: Mapping[str, Law] = MappingProxyType({
    law.id: law
    for section in (
        aggregators.LAWS, symmetries.LAWS, gradops.LAWS, cagrad_mgda.LAWS, others.LAWS,
    )
    for law in section
})  # fmt: skip

__all__ = ["LAWS", "Law", "UnansweredError"]
