"""Takes in what a source delivered: reads what differs, keeps what is the same, drops what is gone."""

from pathlib import PurePosixPath

from pavedroad.advisories.build import Builder
from pavedroad.advisories.delivery import Delivery
from pavedroad.advisories.errors import SourceError
from pavedroad.advisories.model import EcosystemFacts
from pavedroad.advisories.records import Decoded, decode
from pavedroad.advisories.tally import quick_stamp, stamp_of
from pavedroad.infra.archives import ArchiveError, ZipEntry

COMMITS_ONLY = "GIT"
"""Where records are counted that name commits and no package (OSV's own word for them)."""


def take(builder: Builder, delivery: Delivery) -> tuple[EcosystemFacts, ...]:
    """Bring a delivery in; gives the new facts of each ecosystem it is about.

    Raises SourceError when it is broken as a whole or holds no record that can be read.
    """
    taking = _Taking(builder, delivery)
    try:
        taking.run()
    except ArchiveError as error:
        raise SourceError(
            f"the archive of {delivery.ecosystem or 'the source'} cannot be imported: {error.what}",
            where=delivery.source,
            next_step="get it again; the database stays as it was",
        ) from error
    return tuple(builder.close(name, delivery) for name in sorted(taking.touched))


class _Taking:
    """One delivery on its way in. ``touched`` are the ecosystems it turned out to be about."""

    def __init__(self, builder: Builder, delivery: Delivery) -> None:
        self._builder, self._delivery = builder, delivery
        self._own = delivery.ecosystem
        self._only = set(delivery.only)
        self.touched = {self._own} if self._own else set(delivery.only) | set(builder.holding(delivery.source))
        self._first = builder.last_record
        self._kept: set[int] = set()
        self._readable = 0

    def run(self) -> None:
        delivery, builder = self._delivery, self._builder
        for ecosystem in self.touched:
            builder.tally(ecosystem)
        broken_under = self._own or COMMITS_ONLY
        if delivery.complete:
            builder.forget_broken(broken_under)
        for entry in delivery.entries(self._differs):
            if not delivery.complete:
                builder.forget_broken(broken_under, entry.label)
            try:
                self._take(entry)
            except SourceError as error:
                builder.note_broken(broken_under, entry.label, error.what)
                self.touched.add(broken_under)
        self._drop_the_rest()

    def _mine(self, ecosystem: str) -> bool:
        return ecosystem == self._own if self._own else not self._only or ecosystem in self._only

    def _old(self, name: str) -> dict[str, tuple[int, bytes, int]]:
        return {key: value for key, value in self._builder.of_id(name).items() if self._mine(key)}

    def _differs(self, label: str, crc: int, size: int) -> bool:
        """Whether an entry must be read: it is not the one we hold under the name of its file."""
        old = self._old(PurePosixPath(label).name.removesuffix(".json"))
        stamp = quick_stamp(crc, size)
        if not old or any(not known.startswith(stamp) for _, known, _ in old.values()):
            return True
        for ecosystem, (record, _, _) in old.items():
            self._keep(ecosystem, record)
        return False

    def _keep(self, ecosystem: str, record: int) -> None:
        self._kept.add(record)
        self._readable += 1
        self.touched.add(ecosystem)
        self._builder.tally(ecosystem).kept += 1

    def _take(self, entry: ZipEntry) -> None:
        if entry.problem:
            raise SourceError(entry.problem)
        decoded = decode(entry.content)
        name, stamp = decoded.header.id, stamp_of(entry.content)
        old, wanted = self._old(name), self._ecosystems(decoded)
        if any(record > self._first or record in self._kept for record, _, _ in old.values()):
            raise SourceError("another entry has the same id")
        for ecosystem in wanted:
            self.touched.add(ecosystem)
            if ecosystem in old and old[ecosystem][1] == stamp:
                self._keep(ecosystem, old[ecosystem][0])
                continue
            if ecosystem in old:
                self._builder.drop(ecosystem, name, old[ecosystem][0], old[ecosystem][2])
            self._builder.insert(ecosystem, decoded, stamp)
            self._readable += 1
            self._builder.tally(ecosystem).came += 1

    def _ecosystems(self, decoded: Decoded) -> list[str]:
        """Under which ecosystems to keep it: that of the archive, or each it names."""
        if self._own:
            return [self._own]
        named = {owner.partition(":")[0] for owner, _ in decoded.packages} or {COMMITS_ONLY}
        return sorted(each for each in named if self._mine(each))

    def _drop_the_rest(self) -> None:
        """What a complete delivery does not hold is gone; else what the source says is gone."""
        delivery, builder = self._delivery, self._builder
        if delivery.complete and not self._readable:
            broken = builder.tally(self._own or COMMITS_ONLY).broken
            raise SourceError(
                f"the archive of {self._own or 'the source'} holds no readable OSV record ({broken} broken)",
                where=delivery.source,
                next_step="check the source; the database stays as it was",
            )
        for ecosystem in self.touched if delivery.complete else ():
            for name, record, flags in builder.of_source(ecosystem):
                if record <= self._first and record not in self._kept:
                    self._drop(ecosystem, name, record, flags)
        for name in delivery.gone:
            for ecosystem, (record, _, flags) in self._old(name).items():
                self._drop(ecosystem, name, record, flags)

    def _drop(self, ecosystem: str, name: str, record: int, flags: int) -> None:
        self._builder.drop(ecosystem, name, record, flags)
        self._builder.tally(ecosystem).went += 1
